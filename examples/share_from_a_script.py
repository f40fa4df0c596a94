"""Share a widget from a plain script, without Jupyter: prints the link and follows what guests do.

python examples/share_from_a_script.py
"""

from __future__ import annotations

import time

import anywidget
import traitlets

import cowidget as cw


class Thermostat(anywidget.AnyWidget):
    """A slider whose value the script keeps between 15 and 25."""

    celsius = traitlets.Float(20.0).tag(sync=True)

    _esm = """
    export default {
      render({ model, el }) {
        el.innerHTML = `<label>Temperature <input type="range" min="10" max="30" step="0.5"> <output></output></label>`;
        const [input, output] = [el.querySelector("input"), el.querySelector("output")];
        const show = () => {
          input.value = model.get("celsius");
          output.value = `${model.get("celsius")} °C`;
        };
        input.addEventListener("input", () => {
          model.set("celsius", Number(input.value));
          model.save_changes();
        });
        model.on("change:celsius", show);
        show();
      },
    };
    """

    @traitlets.validate("celsius")
    def _between_15_and_25(self, proposal: dict[str, float]) -> float:
        return min(max(proposal["value"], 15.0), 25.0)


def main() -> None:
    thermostat = Thermostat()
    thermostat.observe(lambda change: print(f"set to {change['new']} °C", flush=True), "celsius")
    room = cw.room("thermostat").share(thermostat, name="thermostat")
    print(f"open {room.url!s}", flush=True)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        room.stop()


if __name__ == "__main__":
    main()
