
  // ------------------------------------------------------------------ fields

  const NO_TEXT = new Set(['button', 'submit', 'reset', 'image', 'file', 'checkbox', 'radio', 'hidden']);
  // Fields that take a value as a whole, and what it looks like.
  const WHOLE = {
    date: 'a date as YYYY-MM-DD', time: 'a time as HH:MM', month: 'a month as YYYY-MM', week: 'a week as YYYY-Www',
    'datetime-local': 'date and time as YYYY-MM-DDTHH:MM', color: 'a colour as #rrggbb', range: 'a number',
  };
  const LIKE_A_DAY = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/;
  const NUMBER = /^-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?$/;

  const notify = (el) => {
    el[$.dispatchEvent](new Event('input', { bubbles: true, composed: true }));
    el[$.dispatchEvent](new Event('change', { bubbles: true }));
  };

  // What a label is for, or the element itself.
  const controlOf = (el) => (tagOf(el) === 'label' && el.control ? el.control : el);

  const article = (kind) => (kind ? `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}` : 'no control');

  // An element that an action is not for, and the action that is.
  const wrongKind = (bid, el, wanted, otherwise) => {
    const tag = tagOf(el);
    const role = roleOf(el);
    let use = otherwise;
    if (tag === 'select') use = 'use select_option';
    else if (tag === 'input' && el.type === 'file') use = 'use upload_file';
    else if (checkedState(el) !== null && checkedState(el) !== undefined) use = 'use check, uncheck or click';
    else if (isTextField(el)) use = 'use fill';
    else if (role === 'button' || role === 'link' || role === 'tab' || role === 'menuitem') use ||= 'use click';
    return fail(`element [${bid}] is ${article(kindOf(el))}, not ${wanted}; ${use || 'look for the right element'}`);
  };

  const isTextField = (el) => {
    const tag = tagOf(el);
    return (tag === 'input' && !NO_TEXT.has(el.type)) || tag === 'textarea' || el[$.isContentEditable];
  };

  const textField = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const el = controlOf(found.el);
    if (!isTextField(el)) return wrongKind(bid, el, 'a text field', '');
    if (!isShown(el)) return hidden(bid, el);
    if (isDisabled(el)) return disabled(bid, el);
    if (el.readOnly || el[$.getAttribute]('aria-readonly') === 'true') {
      return fail(`${called(bid, el)} is read-only; its text cannot be changed`);
    }
    return { el };
  };

  // What is wrong with a value for a field that takes no other, or nothing.
  const misfit = (bid, el, value) => {
    if (value === '' || tagOf(el) !== 'input') return null;
    const shown = `not "${startOf(value, 60)}"`;
    const bounds = [el.min && `from ${el.min}`, el.max && `to ${el.max}`].filter(Boolean).join(' ');
    if ((el.type === 'number' || el.type === 'range') && !NUMBER.test(value)) {
      return fail(`${called(bid, el)} takes a number such as 12 or 3.5${bounds ? `, ${bounds}` : ''}, ${shown}`);
    }
    if (el.type === 'color' && !/^#[0-9a-f]{6}$/i.test(value)) return fail(`${called(bid, el)} takes ${WHOLE.color}, ${shown}`);
    return null;
  };

  // Gives a value to a field that takes it as a whole.
  const setWhole = (bid, el, value) => {
    const before = el.value;
    el.value = value;
    if (value && el.value === '') {
      el.value = before;
      const why = LIKE_A_DAY.test(value) ? 'a day that exists' : WHOLE[el.type];
      return fail(`${called(bid, el)} takes ${why}, not "${startOf(value, 60)}"`);
    }
    notify(el);
    return { done: true };
  };

  // Makes a field ready for text: focused, with all its text selected. Fields with a picker
  // (dates, colours, sliders) take their value here and need no text.
  const prepareFill = (bid, value) => {
    const found = textField(bid);
    if (found.error) return found;
    const { el } = found;
    const wrong = misfit(bid, el, value);
    if (wrong) return wrong;
    bringIntoView(el, false);
    let host = el;
    while (el[$.isContentEditable] && host[$.parentElement]?.[$.isContentEditable]) host = host[$.parentElement];
    host[$.focus]({ preventScroll: true });
    if (tagOf(el) === 'input' && el.type in WHOLE) return setWhole(bid, el, value);
    if (typeof el.select === 'function') {
      el.select();
    } else {
      el[$.ownerDocument][$.defaultView].getSelection().selectAllChildren(el);
    }
    const empty = (el.value ?? el[$.textContent]) === '';
    if (value === '') {
      if (!empty) el[$.ownerDocument].execCommand('delete');
      return { done: true };
    }
    return { done: false };
  };

  // What a field holds now, the most it takes, and what it objects to.
  const fieldValue = (bid) => {
    const found = find(bid);
    if (found.error) return { value: null };
    const el = controlOf(found.el);
    const objects = el.willValidate && el.value !== '' && !el.validity.valid;
    return {
      value: el.type === 'password' ? null : el.value ?? el[$.innerText] ?? null,
      limit: el.maxLength > 0 ? el.maxLength : null,
      objection: objects ? el.validationMessage : null,
    };
  };

  const focusOn = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const { el } = found;
    if (!isShown(el)) return hidden(bid, el);
    if (isDisabled(el)) return disabled(bid, el);
    if (isInert(el)) return inert(bid, el);
    bringIntoView(el, false);
    el[$.focus]({ preventScroll: true });
    const focused = el[$.getRootNode]()[$.activeElement] === el;
    return focused
      ? { what: describe(el) }
      : fail(`${called(bid, el)} cannot take focus; click it instead, or press keys with keyboard_press`);
  };

  // An option by its shown text, its value, or its text in another case.
  const optionFor = (options, text) => {
    const same = (a, b) => clean(a) === clean(b);
    return (
      options.find((option) => same(option.label, text)) ??
      options.find((option) => same(option.text, text)) ??
      options.find((option) => option.value === text) ??
      options.find((option) => same(option.label.toLowerCase(), text.toLowerCase()))
    );
  };

  const MAX_SHOWN = 60;
  const listed = (options) => {
    const shown = options.slice(0, MAX_SHOWN).map((option) => `"${clean(option.label)}"`).join(', ');
    const more = options.length - MAX_SHOWN;
    return options.length === 0 ? 'no options' : `${shown}${more > 0 ? ` and ${more} more` : ''}`;
  };

  const selectOptions = (bid, wanted) => {
    const found = find(bid);
    if (found.error) return found;
    const el = controlOf(found.el);
    if (tagOf(el) !== 'select') {
      return wrongKind(bid, el, 'a native list box', 'click it and then click the option');
    }
    if (isDisabled(el)) return disabled(bid, el);
    if (!isShown(el)) return hidden(bid, el);
    const options = shownOptions(el);
    const isOff = (option) => option.disabled || !!option[$.closest]('optgroup:disabled');
    const shown = listed(options.filter((option) => !isOff(option)));
    if (!el.multiple && wanted.length !== 1) return fail(`${called(bid, el)} takes exactly one option; it has: ${shown}`);
    const chosen = [];
    for (const text of wanted) {
      const match = optionFor(options, text);
      if (!match) return fail(`${called(bid, el)} has no option "${startOf(text, 80)}"; it has: ${shown}`);
      if (isOff(match)) return fail(`option "${clean(match.label)}" of element [${bid}] is disabled; it has: ${shown}`);
      chosen.push(match);
    }
    bringIntoView(el, false);
    el[$.focus]({ preventScroll: true });
    const changed = options.some((option) => option.selected !== chosen.includes(option));
    for (const option of options) if (el.multiple) option.selected = chosen.includes(option);
    if (!el.multiple) chosen[0].selected = true;
    if (changed) notify(el);
    return { chosen: chosen.map((option) => clean(option.label)) };
  };

  // Whether a box is ticked; the error when it is no box.
  const tick = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const el = controlOf(found.el);
    const state = checkedState(el);
    if (state === null || state === undefined) {
      return wrongKind(bid, el, 'a check box or radio button', '');
    }
    return { checked: state === 'true', radio: el.type === 'radio' || roleOf(el) === 'radio' };
  };

  // The same, once the page had time to follow a click: at once when it is as wanted.
  const ticked = (bid, wanted) =>
    new Promise((resolve) => {
      const end = performance.now() + 500;
      const ask = () => {
        const state = tick(bid);
        if (state.error || state.checked === wanted || performance.now() > end) resolve(state);
        else setTimeout(ask, 10);
      };
      ask();
    });

  // Whether files can be put into an element.
  const fileField = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const el = controlOf(found.el);
    if (tagOf(el) === 'input' && el.type === 'file') return isDisabled(el) ? disabled(bid, el) : {};
    return wrongKind(bid, el, 'a file field', '');
  };

  const fileFieldAt = (x, y) => {
    const hit = hitAt(x, y);
    const el = hit && controlOf(hit[$.closest]('label') ?? hit);
    if (el && tagOf(el) === 'input' && el.type === 'file') return {};
    return fail(`at (${x}, ${y}) there is ${hit ? describe(hit) : 'nothing'}, not a file field`);
  };

  // Scrolls the document by the height of the viewport.
  const scrollPage = (down) => {
    const root = document[$.scrollingElement] || document[$.documentElement];
    const before = root[$.scrollTop];
    root[$.scrollBy]({ top: down ? innerHeight : -innerHeight, behavior: 'instant' });
    const by = Math.abs(Math.round(root[$.scrollTop] - before));
    return by > 0 ? { by } : fail(`the page is at its ${down ? 'end' : 'top'} already; there is nothing more to scroll to`);
  };
