
  // ------------------------------------------------------------------ values and states

  const OWN_TYPE = new Set(['file', 'password', 'email', 'tel', 'url', 'date', 'time', 'datetime-local', 'month', 'week', 'color']);
  const NO_VALUE = new Set(['button', 'submit', 'reset', 'image', 'checkbox', 'radio']);
  const RANGES = new Set(['slider', 'spinbutton', 'progressbar', 'meter', 'scrollbar', 'separator']);

  // Options that a person can come across.
  const shownOptions = (list) => [...list.options].filter((option) => !option.hidden);

  const valueOf = (el, role) => {
    const { tag } = lookOf(el);
    if (tag === 'select') return [...el.selectedOptions].map((option) => clean(option.label)).join(', ');
    if (tag === 'textarea') return el.value;
    if (tag === 'progress' && !el[$.hasAttribute]('value')) return undefined;
    if (tag === 'progress' || tag === 'meter') return String(el.value);
    if (tag === 'input') {
      if (NO_VALUE.has(el.type)) return undefined;
      if (el.type === 'file') return [...el.files].map((file) => file.name).join(', ') || 'No file chosen';
      if (el.type === 'password') return '\u2022'.repeat(el.value.length);
      return (role === 'slider' && el[$.getAttribute]('aria-valuetext')) || el.value;
    }
    if (isEditable(el)) return clean(textOf(el));
    if (RANGES.has(role)) return ariaOf(el, 'aria-valuetext') || ariaNumber(el);
    if (role === 'combobox' || role === 'textbox' || role === 'searchbox') return clean(textOf(el));
    return undefined;
  };

  const ariaNumber = (el) => {
    const text = ariaOf(el, 'aria-valuenow');
    return text ? String(parseFloat(text) || 0) : undefined;
  };

  const isDisabled = (el) =>
    el[$.matches](':disabled') || el[$.closest]('[aria-disabled]')?.[$.getAttribute]('aria-disabled') === 'true';

  const checkedState = (el) => {
    if (tagOf(el) === 'input' && (el.type === 'checkbox' || el.type === 'radio')) {
      return el.indeterminate ? 'mixed' : String(el.checked);
    }
    return el[$.getAttribute]('aria-checked');
  };

  // Whether what an element opens is open; nothing when it opens nothing.
  const expandedState = (el, tag) => {
    if (tag === 'summary' && isSummary(el)) return String(el[$.parentElement].open);
    const look = lookOf(el);
    const commands = look.has('commandfor') && /-popover$/.test(el.command);
    const popover = commands ? el.commandForElement : look.has('popovertarget') && el.popoverTargetElement;
    if (popover) return String(popover[$.matches](':popover-open'));
    return tag === 'select' ? null : ariaOf(el, 'aria-expanded');
  };

  const POPUPS = new Set(['true', 'menu', 'listbox', 'tree', 'grid', 'dialog']);
  const STATED = [
    ['aria-required', 'required'], ['aria-readonly', 'readonly'], ['aria-multiselectable', 'multiple'],
    ['aria-multiline', 'multiline'],
  ];

  const NATIVE_STATES = new Set(['input', 'select', 'textarea', 'button', 'option', 'fieldset', 'summary']);

  const statesOf = (el, role) => {
    const states = [];
    const look = lookOf(el);
    const { tag } = look;
    const attribute = (name) => (look.has(name) ? el[$.getAttribute](name) : null);
    const say = (state) => states.includes(state) || states.push(state);
    if (role === 'heading') say(`level=${attribute('aria-level') || (/^h[1-6]$/.test(tag) ? tag[1] : 2)}`);
    if (tag === 'input' && OWN_TYPE.has(el.type)) say(`type=${el.type}`);
    if (tag === 'textarea') say('multiline');
    if (look.has('draggable') && attribute('draggable') === 'true') say('draggable');
    if (isDisabled(el)) say('disabled');
    if (NATIVE_STATES.has(tag)) addNativeStates(el, tag, say);
    const expanded = expandedState(el, tag);
    if (expanded === 'true') say('expanded');
    if (expanded === 'false') say('collapsed');
    if (look.aria) addAriaStates(attribute, tag, role, say);
    return states;
  };

  const NEVER_READONLY = new Set(['checkbox', 'radio', 'range', 'color', 'file', 'button', 'submit', 'reset', 'image']);

  // A wrong value is one at once, a missing one only after the field was used.
  const isInvalid = (el) => {
    if (!el.willValidate || el.validity.valid) return false;
    return !el.validity.valueMissing || el[$.matches](':user-invalid');
  };

  const addNativeStates = (el, tag, say) => {
    if (tag === 'input') {
      const checked = checkedState(el);
      if (checked === 'true') say('checked');
      if (checked === 'mixed') say('checked=mixed');
      if (el.type === 'range' || el.type === 'number') {
        if (el.min) say(`min=${el.min}`);
        if (el.max) say(`max=${el.max}`);
      }
    }
    if (el.required === true) say('required');
    if (el.readOnly === true && !NEVER_READONLY.has(el.type)) say('readonly');
    if (tag === 'select' && el.multiple) say('multiple');
    if (isInvalid(el)) say('invalid');
    if (tag === 'option' && el.selected) say('selected');
  };

  const CHECKABLE = new Set(['checkbox', 'radio', 'switch', 'menuitemcheckbox', 'menuitemradio', 'option', 'treeitem']);
  const SELECTABLE = new Set(['option', 'tab', 'treeitem', 'row', 'gridcell', 'columnheader', 'rowheader']);

  const addAriaStates = (attribute, tag, role, say) => {
    for (const [name, state] of STATED) if (attribute(name) === 'true') say(state);
    if (CHECKABLE.has(role) && tag !== 'input') addTristate(attribute('aria-checked'), 'checked', role === 'checkbox', say);
    if (role === 'button') addTristate(attribute('aria-pressed'), 'pressed', true, say);
    if ((attribute('aria-invalid') || 'false') !== 'false') say('invalid');
    if (SELECTABLE.has(role) && attribute('aria-selected') === 'true') say('selected');
    const current = attribute('aria-current');
    if (current && current !== 'false') say(current === 'true' ? 'current' : `current=${current}`);
    if (POPUPS.has(attribute('aria-haspopup'))) say('haspopup');
  };

  const addTristate = (value, state, hasMiddle, say) => {
    if (value === 'true') say(state);
    if (value === 'mixed' && hasMiddle) say(`${state}=mixed`);
  };
