// @ts-check
/** One beat a second, so that a kernel can look at its room and tell the panel, with no thread of its own. */

const BEAT = 1000; // milliseconds

/**
 * @typedef {(message: {call?: number}) => void} Hear
 * @param {{model: {send: (content: object) => void, on: (event: string, hear: Hear) => void, off: (event: string, hear: Hear) => void}}} context
 */
function render({ model }) {
  const beat = () => model.send({ do: "beat" });
  /** What was pressed before is on its way already, and gets there first. @type {Hear} */
  const answer = ({ call }) => model.send({ answers: call });
  const beating = setInterval(beat, BEAT);
  model.on("msg:custom", answer);
  beat();
  return () => {
    clearInterval(beating);
    model.off("msg:custom", answer);
  };
}

export default { render };
