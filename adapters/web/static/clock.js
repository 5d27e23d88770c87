// The clock bar: what time it is in the story, and how to move on.

import { city, show } from "./time.js";
import { post } from "./wire.js";

export class ClockBar {
  constructor(model, onRefused) {
    this.model = model;
    this.steps = [...document.querySelectorAll("[data-step]")];
    this.day = document.getElementById("clock-day");
    this.time = document.getElementById("clock-time");
    this.note = document.getElementById("clock-note");
    this.journey = document.getElementById("journey");
    for (const button of this.steps) button.addEventListener("click", () => this.move(button.dataset.step, onRefused));
  }

  async move(step, onRefused) {
    this.disable(true);
    if (!(await post("clock", { step }))) {
      this.disable(this.model.clock.moving);
      onRefused("The clock is moving already. One moment.");
    }
  }

  tick() {
    const zone = this.model.company.timezone;
    this.day.textContent = show(this.model.now, zone, "date");
    this.time.textContent = `${show(this.model.now, zone, "time")} ${city(zone)}`;
  }

  update() {
    const { moving, start, target, now, note } = this.model.clock;
    this.disable(moving);
    this.journey.hidden = !moving;
    if (moving) {
      const whole = new Date(target) - new Date(start);
      this.journey.value = whole > 0 ? (1000 * (new Date(now) - new Date(start))) / whole : 0;
    }
    this.note.textContent = moving ? "Moving the clock …" : note;
    this.model.now = now;
    this.tick();
  }

  disable(off) {
    for (const button of this.steps) button.disabled = off;
  }
}
