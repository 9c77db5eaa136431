// "Add a direction" beside an answer: to the first direction in which nothing is typed. Without this it leads to the first one.
export function startAddDirection () {
  document.querySelectorAll('[data-add-direction]').forEach((link) => {
    link.addEventListener('click', (event) => {
      const boxes = Array.from(document.querySelectorAll('textarea[name^="direction-"][name$="-what"]'));
      const empty = boxes.find((box) => box.value.trim() === '');
      if (!empty) return;
      event.preventDefault();
      const closed = empty.closest('details');
      if (closed) closed.open = true;
      empty.focus();
      empty.scrollIntoView({ block: 'center' });
    });
  });
}
