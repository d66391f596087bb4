"use strict";
// Maps are read with sliders, with the pointer, or with arrow keys; buttons copy texts.
(() => {
  const show = (node) => { node.hidden = false; };

  const fill = (output, lines) => {
    const head = document.createElement("p");
    head.textContent = lines[0];
    output.replaceChildren(head);
    if (lines.length > 1) {
      const list = document.createElement("ul");
      for (const line of lines.slice(1)) {
        const item = document.createElement("li");
        item.textContent = line;
        list.append(item);
      }
      output.append(list);
    }
  };

  const readMap = (figure) => {
    const data = JSON.parse(document.getElementById(figure.id + "-data").textContent);
    const [across, up] = ["across", "up"].map(
      (one) => document.getElementById(figure.id + "-" + one));
    const [acrossText, upText] = ["across", "up"].map(
      (one) => document.getElementById(figure.id + "-" + one + "-value"));
    const output = document.getElementById(figure.id + "-reading");
    const cross = figure.querySelector(".cross");
    const plot = figure.querySelector(".plot");
    const [left, top, wide, high] = data.box;
    const size = [data.across.values.length, data.up.values.length];

    const update = () => {
      const [column, row] = [Number(across.value), Number(up.value)];
      const code = data.codes[row][column];
      const values = [data.across.texts[column], data.up.texts[row]];
      acrossText.textContent = values[0];
      upText.textContent = values[1];
      across.setAttribute("aria-valuetext", values[0]);
      up.setAttribute("aria-valuetext", values[1]);
      const x = left + wide * (column + 0.5) / size[0];
      const y = top + high * (1 - (row + 0.5) / size[1]);
      cross.setAttribute("transform", `translate(${x} ${y})`);
      const place = `${data.across.words} ${values[0]}, ${data.up.words} ${values[1]}: `;
      const said = data.readings[code] || data.special[code];
      fill(output, [place + said[0], ...said.slice(1)]);
    };

    const point = (event) => {
      const box = plot.getBoundingClientRect();
      const column = Math.floor(size[0] * (event.clientX - box.left) / box.width);
      const row = Math.floor(size[1] * (1 - (event.clientY - box.top) / box.height));
      across.value = Math.min(Math.max(column, 0), size[0] - 1);
      up.value = Math.min(Math.max(row, 0), size[1] - 1);
      update();
    };

    for (const slider of [across, up]) {
      slider.addEventListener("input", update);
    }
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
    figure.querySelectorAll("[hidden]").forEach(show);
    cross.removeAttribute("visibility");
    update();
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copies);
    const status = document.getElementById(button.dataset.copies + "-status");
    let done = true;
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      source.focus();
      source.select();
      done = document.execCommand("copy");
    }
    status.textContent = done ? "Copied." : "Not copied: press Ctrl-C, the text is selected.";
  };

  document.querySelectorAll("figure.map").forEach(readMap);
  document.querySelectorAll("button[data-copies]").forEach((button) => {
    show(button);
    button.addEventListener("click", () => copy(button));
  });
})();
