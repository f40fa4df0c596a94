/** The front end of `widgets/objects/rich.py`: an object as its notebook shows it. */
import { type Bundle, renderBundle } from "../rich/render";
import { follow, type Props } from "./props";

function render(props: Props): void {
  const { model, el } = props;
  follow(props, ["bundle"], () => {
    renderBundle(
      el,
      (model.get("bundle") ?? {}) as Bundle,
      (model.get("metadata") ?? {}) as Record<string, unknown>,
    );
  });
}

export default { render };
