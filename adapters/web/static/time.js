// Moments as a person reads them on their own wall clock. A formatter is slow to make, so each is made once.

const formatters = new Map();

function formatter(zone, kind) {
  const key = `${zone} ${kind}`;
  if (!formatters.has(key)) formatters.set(key, make(zone, kind));
  return formatters.get(key);
}

function make(zone, kind) {
  const options = {
    time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    short: { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    day: { weekday: "long", day: "numeric", month: "long" },
    date: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  }[kind];
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }); // a zone this browser does not know
  }
}

export function show(moment, zone, kind) {
  return formatter(zone, kind).format(new Date(moment));
}

export function city(zone) {
  return zone === "UTC" ? "UTC" : zone.split("/").pop().replaceAll("_", " ");
}
