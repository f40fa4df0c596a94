/** The code for classic widgets: one ES module, loaded when a room needs it. */
import styles from "virtual:classic-styles";
import type { OpenClassic } from "../host/classic";
import { Host } from "./host";

const MARK = "cowidgetClassic";

/** The style sheets of ipywidgets, once in the document. */
function dress(): void {
  if (document.documentElement.dataset[MARK] !== undefined) return;
  document.documentElement.dataset[MARK] = "";
  const sheet = document.createElement("style");
  sheet.textContent = styles;
  document.head.append(sheet);
}

export const openClassic: OpenClassic = (surroundings) => {
  dress();
  return new Host(surroundings);
};
