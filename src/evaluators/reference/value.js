// The text that WebArena compares a locator's value by: Python's str() of what Playwright returns
// for `() => LOCATOR`. A function of the locator; gives {text, nothing} or {thrown}.
async source => {
  const number = value => {
    if (Number.isNaN(value)) return 'nan';
    if (value === Infinity) return 'inf';
    if (value === -Infinity) return '-inf';
    if (Object.is(value, -0)) return '-0.0';
    const json = String(value);
    // What JSON carries as an integer literal is an int to Python.
    if (/^-?\d+$/.test(json)) return json;
    const [, sign, whole, fraction = '', power = '0'] =
      json.match(/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/);
    let digits = whole + fraction;
    let point = whole.length + Number(power);
    const zeros = digits.match(/^0*/)[0].length;
    digits = digits.slice(zeros).replace(/0+$/, '') || '0';
    point -= zeros;
    const exponent = point - 1;
    if (exponent < -4 || exponent >= 16) {
      const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
      const size = String(Math.abs(exponent)).padStart(2, '0');
      return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
    }
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
    if (digits.length <= point) return `${sign}${digits}${'0'.repeat(point - digits.length)}.0`;
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  };
  const hidden = /[\p{C}\p{Z}]/u;
  const escaped = character => {
    const code = character.codePointAt(0);
    if (code < 256) return '\\x' + code.toString(16).padStart(2, '0');
    if (code < 65536) return '\\u' + code.toString(16).padStart(4, '0');
    return '\\U' + code.toString(16).padStart(8, '0');
  };
  const quoted = text => {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    const short = {'\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', [quote]: '\\' + quote};
    const parts = [...text].map(character =>
      short[character] ?? (character !== ' ' && hidden.test(character) ? escaped(character) : character));
    return quote + parts.join('') + quote;
  };
  const isNothing = value => value === null || value === undefined ||
    ['function', 'symbol', 'bigint'].includes(typeof value);
  const python = (value, inside) => {
    if (isNothing(value)) return 'None';
    if (value === true) return 'True';
    if (value === false) return 'False';
    if (typeof value === 'number') return number(value);
    if (typeof value === 'string') return inside ? quoted(value) : value;
    if (value instanceof Node) return inside ? "'ref: <Node>'" : 'ref: <Node>';
    if (Array.isArray(value)) return `[${value.map(item => python(item, true)).join(', ')}]`;
    const fields = Object.keys(value).map(key => `${quoted(key)}: ${python(value[key], true)}`);
    return `{${fields.join(', ')}}`;
  };
  try {
    let value = (0, eval)(source);
    if (typeof value === 'function') value = value();
    value = await value;
    return {text: python(value, false), nothing: isNothing(value) || value === ''};
  } catch (error) {
    return {thrown: String(error)};
  }
}
