/** A picture that came over the wire: PNG or WebP by its first bytes, in an address of its own. */
import { useEffect, useState } from "preact/hooks";
import { pictureType } from "../lib/picture-type";
import type { Bytes } from "../protocol/frames";

interface MomentPictureProps {
  picture: Bytes;
  alt: string;
}

/** Nothing, if it is no picture that may be shown. */
export function MomentPicture({ picture, alt }: MomentPictureProps) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const type = pictureType(picture);
    if (type === "") return;
    const made = URL.createObjectURL(new Blob([picture], { type }));
    setAddress(made);
    return () => {
      setAddress("");
      URL.revokeObjectURL(made);
    };
  }, [picture]);
  if (pictureType(picture) === "") return null;
  // The place is there before the picture, so that a list that scrolls does not jump.
  return (
    <span class="moment-picture">
      {address !== "" && <img src={address} alt={alt} draggable={false} />}
    </span>
  );
}
