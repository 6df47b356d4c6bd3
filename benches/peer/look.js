// One look at the page for the raw DevTools loop: what can be acted on and what carries text,
// each with role, name and place. The elements themselves stay in the page, by number.
(() => {
  const kept = (window.__bench_kept = []);
  const elements = [];
  const inputRole = { checkbox: "checkbox", radio: "radio", range: "slider", submit: "button", button: "button", reset: "button", image: "button" };
  const tagRole = { A: "link", BUTTON: "button", SELECT: "combobox", TEXTAREA: "textbox", OPTION: "option" };
  const roleOf = (e) =>
    e.getAttribute("role") || (e.tagName === "INPUT" ? inputRole[e.type] || "textbox" : tagRole[e.tagName] || "");
  const text = (e) => (e.textContent || "").replace(/\s+/g, " ").trim();
  const nameOf = (e, role) => {
    const given = e.getAttribute("aria-label");
    if (given) return given;
    if (e.labels && e.labels.length) return text(e.labels[0]);
    if (e.tagName === "INPUT") return role === "button" ? e.value : e.placeholder;
    if (role === "textbox" || role === "combobox") return "";
    return text(e) || e.title;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT, (e) =>
    e.id === "query" || e.id === "reward-display" || e.id === "sync-task-cover" || e.tagName === "SCRIPT" ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) {
    const e = walker.currentNode;
    const role = roleOf(e);
    if (!role && (e.childElementCount || !text(e))) continue;
    const box = e.getBoundingClientRect();
    if (role !== "option" && (!box.width || !box.height || getComputedStyle(e).visibility === "hidden")) continue;
    const seen = { id: kept.length, role: role || "generic", name: nameOf(e, role), multiline: e.tagName === "TEXTAREA", box: [box.left, box.top, box.width, box.height] };
    if ("value" in e && role !== "button") seen.value = e.value;
    if ("checked" in e) seen.checked = e.checked;
    if (e.disabled) seen.disabled = true;
    if (e === document.activeElement) seen.focused = true;
    kept.push(e);
    elements.push(seen);
  }
  return { url: location.href, title: document.title, scroll: [scrollX, scrollY], elements, reward: WOB_RAW_REWARD_GLOBAL, done: WOB_DONE_GLOBAL };
})()
