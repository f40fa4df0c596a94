import { afterEach, expect, test, vi } from "vitest";
import { copyText, tabbed } from "./copy";

afterEach(() => vi.unstubAllGlobals());

/** A browser that asks for what is to be copied, as on Ctrl + C. */
function browser(clipboardData: { setData: (kind: string, text: string) => void } | null): void {
  document.execCommand = () => {
    const event = new Event("copy", { cancelable: true });
    document.dispatchEvent(Object.assign(event, { clipboardData }));
    return true;
  };
}

test("values are a line below their names, exact, with their time", () => {
  const cells = [
    { label: "price", value: 65432.1 },
    { label: "side\tof it", value: "=buy" },
    { label: "gap", value: Number.NaN },
  ];
  expect(tabbed(1.5, cells)).toBe(
    "time\tprice\tside of it\tgap\n1970-01-01T00:00:01.500Z\t65432.1\t'=buy\t",
  );
});

test("text goes to the clipboard, and the next copy is not ours", () => {
  const setData = vi.fn();
  browser({ setData });
  const isCopied = copyText("a\tb");
  document.execCommand("copy");
  expect([isCopied, setData.mock.calls]).toEqual([true, [["text/plain", "a\tb"]]]);
});

test("a browser that lets nobody copy is no success", () => {
  document.execCommand = () => false;
  expect(copyText("a")).toBe(false);
});
