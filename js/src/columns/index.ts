/** Rows of a feed from bytes, column by column. `core/columns/BLOCK.md` states the layout and the checksum. */
export { checksum } from "./checksum";
export { type Column, type Decoded, decode, decodeNow, type Floats } from "./decoding";
export { BlockError, type Head, head } from "./layout";
