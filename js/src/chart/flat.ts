/** Writes FlatBuffers, front to back: a table, then what it points to. Only what Arrow's messages need. */

/** A number of so many bytes, or something to be written after the table, which gives its place. */
export type Field = [size: 1 | 2 | 4 | 8, value: number] | (() => number) | null;

export class Flat {
  #bytes = new DataView(new ArrayBuffer(1024));
  /** Where the next thing goes. */
  #at = 0;

  /** The root is to be the first thing: its place is written before it. */
  finish(root: () => number): Uint8Array {
    const place = this.#room(4, 8);
    this.#bytes.setUint32(place, root(), true);
    this.#room(0, 8);
    return new Uint8Array(this.#bytes.buffer, 0, this.#at);
  }

  readonly table = (...fields: Field[]): number => {
    let size = 4;
    const places = fields.map((field) => {
      if (field === null) return 0;
      const wide = typeof field === "function" ? 4 : field[0];
      const place = Math.ceil(size / wide) * wide;
      size = place + wide;
      return place;
    });
    // The list of places stands before its table, which begins at a multiple of eight.
    const list = 4 + fields.length * 2;
    this.#room(-list & 7, 8);
    const start = this.#room(list, 2);
    [list, size, ...places].forEach((value, n) => {
      this.#bytes.setUint16(start + n * 2, value, true);
    });
    const table = this.#room(size, 8);
    this.#bytes.setInt32(table, table - start, true);
    fields.forEach((field, n) => {
      const place = table + (places[n] ?? 0);
      if (typeof field === "function") this.#point(place, field);
      else if (field !== null) this.#number(place, ...field);
    });
    return table;
  };

  text(text: string): number {
    const bytes = new TextEncoder().encode(text);
    const place = this.#room(4 + bytes.length + 1, 4);
    this.#bytes.setUint32(place, bytes.length, true);
    new Uint8Array(this.#bytes.buffer).set(bytes, place + 4);
    return place;
  }

  list(items: readonly (() => number)[]): number {
    const place = this.#room(4 + items.length * 4, 4);
    this.#bytes.setUint32(place, items.length, true);
    items.forEach((item, n) => {
      this.#point(place + 4 + n * 4, item);
    });
    return place;
  }

  /** Pairs of 64-bit numbers, one after the other. */
  pairs(pairs: readonly (readonly [number, number])[]): number {
    this.#room(0, 8);
    this.#room(4, 4);
    const place = this.#room(4 + pairs.length * 16, 4);
    this.#bytes.setUint32(place, pairs.length, true);
    pairs.flat().forEach((value, n) => {
      this.#number(place + 4 + n * 8, 8, value);
    });
    return place;
  }

  #point(place: number, write: () => number): void {
    const target = write();
    this.#bytes.setUint32(place, target - place, true);
  }

  #number(place: number, size: number, value: number): void {
    if (size === 8) this.#bytes.setBigInt64(place, BigInt(value), true);
    else if (size === 4) this.#bytes.setInt32(place, value, true);
    else if (size === 2) this.#bytes.setInt16(place, value, true);
    else this.#bytes.setUint8(place, value);
  }

  /** `size` bytes from a multiple of `align` on. */
  #room(size: number, align: number): number {
    const place = Math.ceil(this.#at / align) * align;
    this.#at = place + size;
    if (this.#at > this.#bytes.byteLength) {
      const larger = new Uint8Array(this.#at * 2);
      larger.set(new Uint8Array(this.#bytes.buffer));
      this.#bytes = new DataView(larger.buffer);
    }
    return place;
  }
}
