
  // ------------------------------------------------------------------ what the arena may call

  const where = () => ({ url: location.href, ready: document[$.readyState] });
  const blurPoint = () => ({ x: Math.floor(innerWidth / 2), y: Math.floor(innerHeight / 2) });

  // What the arena gets holds no halves of characters: it could not read them.
  const readable = (value) => {
    if (typeof value === 'string') return value.toWellFormed();
    if (value instanceof Promise) return value.then(readable);
    if (Array.isArray(value)) return value.map(readable);
    if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, readable(part)]));
  };
  const told = (work) => (...given) => readable(work(...given));

  globalThis.__ARENA__ = {
    observe, warm, quiet,
    ...Object.fromEntries(
      Object.entries({
        identify, point, place, landed, prepareFill, fieldValue, focusOn, selectOptions, tick, ticked, fileField, fileFieldAt,
        scrollPage, where, centre: blurPoint,
      }).map(([name, work]) => [name, told(work)]),
    ),
  };
})();
