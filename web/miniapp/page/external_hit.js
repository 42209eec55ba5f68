// In place of Mechanical Turk's externalHIT_v1.js: the functions that pages call, by their documented names.

function turkGetParam(name, usual) {
  const found = new URLSearchParams(window.location.search).get(name);
  return found === null ? (usual === undefined ? "" : usual) : found;
}

function turkGetSubmitToHost() {
  return turkGetParam("turkSubmitTo", "https://www.mturk.com");
}

function turkSetAssignmentID(form, assignment, button) {
  const found = document.getElementById(form || "mturk_form");
  const id = assignment || turkGetParam("assignmentId", "");
  const field = document.getElementById("assignmentId") || (found && found.elements.namedItem("assignmentId"));
  if (field) field.value = id;
  if (found) found.action = turkGetSubmitToHost() + "/mturk/externalSubmit";
  const pressed = document.getElementById(button || "submitButton");
  if (id === "ASSIGNMENT_ID_NOT_AVAILABLE" && pressed) pressed.disabled = true;
}
