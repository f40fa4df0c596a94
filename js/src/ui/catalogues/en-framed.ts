/**
 * What is said inside the widgets' frame, in English. Each word is kept by who says it, and goes along with that; the
 * other catalogues have all of them, under `framed`.
 */
import { CHART_WORDS } from "../../chart/english";
import { FAILURE_WORDS } from "../../host/failure-words";
import { TABLE_WORDS } from "../../objects/table-words";

export const FRAMED = { failure: FAILURE_WORDS, chart: CHART_WORDS, table: TABLE_WORDS };
