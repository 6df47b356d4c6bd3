
  // ------------------------------------------------------------------ what the arena may call

  const where = () => ({ url: location.href, ready: document.readyState });
  const blurPoint = () => ({ x: Math.floor(innerWidth / 2), y: Math.floor(innerHeight / 2) });

  globalThis.__ARENA__ = {
    observe, warm, identify, point, place, landed, prepareFill, fieldValue, focusOn, selectOptions, tick, ticked, fileField, fileFieldAt,
    scrollPage, quiet, where, centre: blurPoint,
  };
})();
