// The open phones stand in the address (#p=1,2,3): a link opens them, "back" works.

export function openIds() {
  const listed = new URLSearchParams(location.hash.slice(1)).get("p") ?? "";
  return [...new Set(listed.split(",").map(Number).filter((id) => Number.isSafeInteger(id) && id !== 0))];
}

export function setOpen(ids) {
  location.hash = ids.length ? `p=${ids.join(",")}` : "";
}

/** Shows `id` in place of `instead`, or beside the others. */
export function open(id, { beside = false, instead = null } = {}) {
  const ids = openIds();
  if (ids.includes(id)) return;
  const at = ids.indexOf(instead);
  if (beside || ids.length === 0) setOpen([...ids, id]);
  else setOpen(ids.with(at < 0 ? ids.length - 1 : at, id));
}

export const close = (id) => setOpen(openIds().filter((other) => other !== id));

export const onChange = (listener) => window.addEventListener("hashchange", listener);
