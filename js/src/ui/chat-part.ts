/** The chat with its styles, as one part: pages have it in their bundle, panels load it when they are in the room. */
import chat from "./chat.css";
import composer from "./composer.css";
import lightbox from "./lightbox.css";
import message from "./message.css";
import messageText from "./message-text.css";
import moment from "./moment.css";
import photos from "./photos.css";
import search from "./search.css";
import snapshot from "./snapshot.css";
import table from "./table.css";

export { Chat } from "./chat";

/** Of two rules that are equal, the later one holds. */
export const SHEET = [
  ...[chat, message, messageText, composer],
  ...[search, moment, table, snapshot, photos, lightbox],
].join("\n");
