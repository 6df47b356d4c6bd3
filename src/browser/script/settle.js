  // ------------------------------------------------------------------ settling

  // When the document last changed, and when a style of an element itself did.
  let changed = performance.now();
  let restyled = -Infinity;
  let waiting = null;
  new MutationObserver((records) => {
    changed = performance.now();
    if (records.some((record) => record.attributeName === 'style')) restyled = changed;
    waiting?.(true);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  // A page that is not shown draws no frames; then this long is enough.
  const NO_FRAME_MS = 100;

  // Frames without a change after one that came while the page was waited for: it may be one of
  // an animation, whose steps are a frame apart.
  const FRAMES_AFTER_CHANGE = 2;

  // Scripts animate by such styles. The first steps of an animation that starts slowly come to the
  // same whole pixel, which is no change, so for this long after one another may follow.
  const ANIMATION_MS = 60;

  // Resolves when the document is complete and has not changed for a while, or after `maxMs`. That
  // while is for a submission to begin and for timers that an event set. Of a page with scripts
  // frames are awaited, too, since animations go on with frames, however late.
  const quiet = (quietMs, maxMs) =>
    new Promise((resolve) => {
      const scripted = document[$.scripts].length > 0;
      const begun = performance.now();
      const end = begun + maxMs;
      let unframed = begun + NO_FRAME_MS;
      let frames = scripted ? 1 : 0;
      let timer = 0;
      const look = (hasChanged) => {
        const now = performance.now();
        if (hasChanged && scripted) {
          frames = FRAMES_AFTER_CHANGE;
          unframed = now + NO_FRAME_MS;
        }
        const late = now >= end;
        const still = Math.max(Math.max(begun, changed) + quietMs, restyled + ANIMATION_MS) - now;
        const left = Math.max(still, frames > 0 ? unframed - now : 0);
        clearTimeout(timer);
        if (!late && (left > 0 || document[$.readyState] !== 'complete')) {
          timer = setTimeout(look, Math.min(Math.max(left, 1), end - now), false);
          return;
        }
        waiting = null;
        resolve({ quiet: !late, url: location.href });
      };
      const frame = () => {
        if (waiting !== look) return;
        frames -= 1;
        requestAnimationFrame(frame);
        look(false);
      };
      waiting = look;
      if (scripted) requestAnimationFrame(frame);
      look(false);
    });
