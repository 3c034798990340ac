// Keeps the page of an issue being sent, or of other work in the background, up to date. Without JavaScript the page shows the numbers of its loading.
(() => {
  const clock = document.querySelector("[data-countdown]");
  const tick = () => {
    const left = Math.round((new Date(clock.dataset.countdown) - Date.now()) / 1000);
    if (left < -6) return location.reload();
    const [days, hours, minutes, seconds] = [86400, 3600, 60, 1].map((unit, at, units) =>
      Math.floor((at ? Math.max(left, 0) % units[at - 1] : Math.max(left, 0)) / unit));
    const parts = days ? [`${days} d`, `${hours} h`] : hours ? [`${hours} h`, `${minutes} min`] : [`${minutes} min`, `${seconds} s`];
    clock.textContent = parts.join(" ");
    setTimeout(tick, 1000);
  };
  if (clock) tick();
  const panel = document.querySelector("[data-progress-url]");
  if (!panel) return;
  const under_way = new Set(["canary", "sending", "paused"]);
  const show = (name, value) => {
    const place = panel.querySelector(`[data-progress="${name}"]`);
    if (place) place.textContent = typeof value === "number" ? value.toLocaleString() : (value ?? "–");
  };
  const refresh = async () => {
    try {
      const answer = await fetch(panel.dataset.progressUrl, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const report = await answer.json();
        for (const name of ["label", "settled", "candidates", "rate", "seconds_left"]) show(name, report[name]);
        const bar = panel.querySelector("progress");
        bar.max = Math.max(report.candidates, 1);
        bar.value = report.settled;
        for (const row of report.counts) {
          panel.querySelector(`[data-progress-count="${row.status}"]`).textContent = row.count.toLocaleString();
        }
        if (report.status !== panel.dataset.status) return location.reload();
      }
    } catch {
      // The network comes back, or it does not; the next round tells.
    }
    setTimeout(refresh, document.hidden ? 10000 : 2000);
  };
  if ("live" in panel.dataset || under_way.has(panel.dataset.status)) setTimeout(refresh, 1000);
})();
