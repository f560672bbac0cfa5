/* Copy read, and then imported, a few files at a time with the progress shown. Without this script each press of
   the page's button does as much as a request may take. */
"use strict";
{
  const form = document.querySelector("[data-steps]");
  const upload = document.querySelector("[data-upload]");

  const running = document.querySelector("[data-progress]");
  const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

  /* Celery's workers are at an import: how far they are. */
  const watch = async () => {
    for (;;) {
      await pause(2000);
      const response = await fetch(running.dataset.progress, { headers: { Accept: "application/json" } });
      const answer = await response.json();
      running.querySelector("progress").value = answer.done;
      for (const name of ["read", "written", "failed"]) {
        running.querySelector(`[data-${name}]`).textContent = answer[name];
      }
      if (answer.done === answer.of) break;
    }
    location.reload();
  };

  const told = ({ away, done, of, file }) => away || [`${done} of ${of}`, file].filter(Boolean).join(": ");

  const step = async () => {
    const response = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
    const answer = await response.json();
    if (answer.problem) throw new Error(answer.problem);
    return answer;
  };

  const run = async () => {
    const panel = document.querySelector(".import-progress");
    const bar = panel.querySelector("progress");
    const words = panel.querySelector("[role=status]");
    document.querySelector("[data-before]")?.remove();
    form.hidden = true;
    panel.hidden = false;
    words.textContent = "Reading the next file …";
    try {
      for (let answer = null; !answer || answer.done < answer.of; ) {
        answer = await step();
        bar.value = answer.done;
        words.textContent = told(answer);
        if (answer.waits) await pause(answer.done < answer.of ? 700 : 0);
      }
      location.replace(location.pathname);
    } catch (error) {
      const silent = error instanceof TypeError || error instanceof SyntaxError;
      const reason = silent ? "The desk did not answer." : error.message;
      words.textContent = `Stopped after ${bar.value} of ${bar.max}. ${reason}`;
      form.querySelector("button").textContent = "Go on";
      form.hidden = false;
      form.querySelector("button").focus();
    }
  };

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });

  if (form && "reading" in form.dataset) run();
  if (running) watch().catch(() => {});

  upload?.addEventListener("submit", (event) => {
    const field = upload.querySelector("[type=file]");
    const problem = upload.querySelector("[role=alert]");
    const most = Number(field.dataset.most);
    problem.hidden = field.files.length <= most;
    if (!problem.hidden) {
      problem.textContent = `You chose ${field.files.length} files. Import them ${most} at a time.`;
      event.preventDefault();
      return;
    }
    if (field.files.length) upload.querySelector("[role=status]").textContent = "Reading the files …";
  });
}
