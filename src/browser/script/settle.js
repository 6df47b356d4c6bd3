  // ------------------------------------------------------------------ settling

  // When the document last changed.
  let changed = performance.now();
  let waiting = null;
  new MutationObserver(() => {
    changed = performance.now();
    waiting?.();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  // A page that is not shown draws no frames; then this long is enough.
  const NO_FRAME_MS = 100;

  // Resolves when the document is complete and has not changed for a while, or after `maxMs`. A
  // page without scripts cannot change by itself; a moment is left for a submission to begin. Of
  // one with scripts a frame is awaited, since animations go on with frames, however late.
  const quiet = (quietMs, maxMs) =>
    new Promise((resolve) => {
      const scripted = document.scripts.length > 0;
      const wait = scripted ? quietMs : Math.min(quietMs, 10);
      const begun = performance.now();
      const unframed = performance.now() + NO_FRAME_MS;
      let framed = !scripted;
      const end = performance.now() + maxMs;
      let timer = 0;
      const look = () => {
        const now = performance.now();
        const late = now >= end;
        const still = Math.max(begun, changed) + wait - now;
        const left = Math.max(still, framed ? 0 : unframed - now);
        clearTimeout(timer);
        if (!late && (left > 0 || document.readyState !== 'complete')) {
          timer = setTimeout(look, Math.min(Math.max(left, 1), end - now));
          return;
        }
        waiting = null;
        resolve({ quiet: !late, url: location.href });
      };
      waiting = look;
      if (scripted) {
        requestAnimationFrame(() => {
          framed = true;
          if (waiting === look) look();
        });
      }
      look();
    });

