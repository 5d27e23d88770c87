// Makes an element. Words always enter as text, never as markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function avatar(person, size = "") {
  const parts = person.name.split(/\s+/).filter(Boolean);
  const initials = [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => [...part][0] ?? "").join("");
  return element("span", { class: `avatar hue-${person.index % 8} ${size}`, "aria-hidden": "true" }, initials);
}

export function botAvatar() {
  return element("img", { class: "avatar bot", src: "/playground/files/mark.svg", alt: "" });
}
