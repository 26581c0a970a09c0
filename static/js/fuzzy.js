// How well a text fits what was typed: each word of it begins a word, stands in one, or its letters
// follow one another there. Umlauts and capitals make no difference.
(() => {
  const plain = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const inTurn = (word, text) => {
    let at = 0;
    for (const letter of word) {
      at = text.indexOf(letter, at) + 1;
      if (!at) return false;
    }
    return true;
  };

  const scoreOf = (word, text) => {
    if (text === word) return 5;
    const at = text.indexOf(word);
    if (at >= 0) return at === 0 || !/[\p{L}\d]/u.test(text[at - 1]) ? 4 : 2;
    return word.length > 2 && text.split(/\s+/).some((each) => each[0] === word[0] && inTurn(word, each)) ? 1 : 0;
  };

  // Its name counts twice what its other words do.
  const score = (typed, item) => {
    let sum = 0;
    for (const word of typed) {
      const one = Math.max(2 * scoreOf(word, item.name), scoreOf(word, item.plain));
      if (!one) return 0;
      sum += one;
    }
    return sum / typed.length;
  };

  // Items with `name` and `plain`; those used lately first among equals, locked ones after the rest.
  const rank = (items, text, used) => {
    const typed = plain(text).split(/\s+/).filter(Boolean);
    const lately = (item) => (used.includes(item.id) ? used.length - used.indexOf(item.id) : 0);
    const rated = items.map((item, place) => ({
      item,
      place,
      score: typed.length ? score(typed, item) : 1,
    }));
    const best = rated
      .filter((each) => each.score > 0)
      .sort(
        (a, b) =>
          Boolean(a.item.missing) - Boolean(b.item.missing) ||
          b.score - a.score ||
          lately(b.item) - lately(a.item) ||
          a.place - b.place
      );
    return best.map((each) => each.item);
  };

  window.tuntasFuzzy = { plain, rank };
})();
