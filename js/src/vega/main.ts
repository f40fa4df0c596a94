/**
 * What altair's chart imports from a CDN: Vega, Vega-Lite and vega-embed in one, and lodash's debounce.
 *
 * The build makes one script of it. The kernel puts that before altair's own code
 * (src/cowidget/widgets/kinds/vega.py), so it travels only with such a chart.
 */
export { debounce } from "lodash-es";
export { default as embed } from "vega-embed";
