// @ts-check
/** One beat a second, so that a kernel can look at its room and tell the panel, with no thread of its own. */

const BEAT = 1000; // milliseconds

/** @param {{model: {send: (content: object) => void}}} context */
function render({ model }) {
  const beat = () => model.send({ do: "beat" });
  const beating = setInterval(beat, BEAT);
  beat();
  return () => clearInterval(beating);
}

export default { render };
