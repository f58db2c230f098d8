/* Sample states of the pages, for the gallery: `window.gallery.<name>(locale)`. People named here do not exist. */
(() => {
  const id = (name) => document.getElementById(name);
  const put = (name, text) => { id(name).textContent = text; };
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#icon-${name}`);
    svg.append(use);
    return svg;
  };
  const status = (tone, symbol, text) => {
    const span = document.createElement("span");
    span.className = `status ${tone ? "status-" + tone : ""}`;
    span.append(icon(symbol), text);
    return span;
  };
  const people = {
    ar: [
      ["سالم بن عبدالله الجهني (عيّنة)", "كشك 1، مركز ينبع", "طلب إفراغ أرض زراعية موقوفة منذ عامين بين جهتين", "12 دقيقة", "10:20 صباحًا", "seen", true],
      ["نورة بنت فهد الحربي (عيّنة)", "من موقعها", "علاج والدتها في مستشفى تخصصي", "7 دقائق", "10:40 صباحًا", "declared", true],
      ["محمد إقبال خان (عيّنة)", "كشك 2، مركز بدر", "مستحقات عمالية متأخرة", "دقيقتان", "11:00 صباحًا", "seen", false],
    ],
    en: [
      ["Salem Abdullah Al-Juhani (sample)", "Kiosk 1, Yanbu centre", "Transfer of farm land, held for two years between two agencies", "12 minutes", "10:20 am", "seen", true],
      ["Norah Fahd Al-Harbi (sample)", "Own location", "Her mother’s treatment in a specialist hospital", "7 minutes", "10:40 am", "declared", true],
      ["Mohammad Iqbal Khan (sample)", "Kiosk 2, Badr centre", "Wages overdue", "2 minutes", "11:00 am", "seen", false],
    ],
  };
  const t = (locale, ar, en) => (locale === "ar" ? ar : en);
  const moving = (seed) => {
    const canvas = document.createElement("canvas");
    canvas.width = 960; canvas.height = 540;
    const g = canvas.getContext("2d");
    const wall = g.createLinearGradient(0, 0, 0, 540);
    wall.addColorStop(0, seed ? "#cdbfa6" : "#b9c7bf"); wall.addColorStop(1, seed ? "#8f7d5e" : "#6f8378");
    g.fillStyle = wall; g.fillRect(0, 0, 960, 540);
    g.fillStyle = "#f4f1ea"; g.beginPath(); g.ellipse(480, 560, 260, 210, 0, 0, 7); g.fill();
    g.fillStyle = "#c99a76"; g.beginPath(); g.ellipse(480, 240, 88, 112, 0, 0, 7); g.fill();
    g.fillStyle = "#ffffff"; g.beginPath(); g.ellipse(480, 190, 118, 100, 0, Math.PI, 0); g.fill();
    g.fillStyle = "#1d1d1d"; g.fillRect(372, 150, 216, 14);
    return canvas.captureStream(5);
  };
  const see = async () => {
    id("remote-video").srcObject = moving(1); id("own-video").srcObject = moving(0);
    await Promise.all([id("remote-video").play(), id("own-video").play()]);
  };
  const row = (locale, [name, place, subject, wait, slot, assurance, online], position) => {
    const node = id("board-row").content.cloneNode(true).firstElementChild;
    const part = (what) => node.querySelector(`[data-part="${what}"]`);
    part("position").textContent = position; part("name").textContent = name; part("place").textContent = place;
    part("subject").textContent = subject; part("wait").textContent = wait; part("slot").textContent = slot;
    part("assurance").append(assurance === "seen"
      ? status("good", "check-circle", t(locale, "شوهدت هويته", "ID seen at desk"))
      : status("warning", "alert", t(locale, "هوية مصرَّح بها", "ID declared only")));
    const pill = (text) => { const mark = document.createElement("span"); mark.className = "status status-info"; mark.textContent = text; return mark; };
    if (position === 2) part("order").append(pill(t(locale, "كبير سن", "Elderly")), " ", pill(t(locale, "بلا موعد", "Without a time")));
    if (!online) part("online").append(status("danger", "line-off", t(locale, "لا اتصال الآن", "No line now")));
    return node;
  };
  const board = (locale, current) => {
    put("board-date", t(locale, "الأحد 12 جمادى الآخرة 1448هـ، الموافق 22 نوفمبر 2026م", "Sunday 12 Jumada al-Akhirah 1448 AH, 22 November 2026"));
    put("waiting-count", "3"); put("concluded-count", "4");
    people[locale].forEach((person, index) => {
      const node = row(locale, person, index + 1);
      if (index === current) { node.dataset.current = ""; node.querySelector('[data-part="call"]').remove(); }
      id("board-waiting").append(node);
    });
    if (current === undefined) { id("call-next").disabled = false; put("call-next-name", people[locale][0][0]); }
    id("line-notice").hidden = true;
    id("office").dataset.line = "up";
  };
  const state = (name) => { id("office").dataset.state = name; id("stage").dataset.state = name; };
  const caller = (locale, over) => {
    const [name, place, subject] = people[locale][0];
    id("caller").hidden = false;
    put("caller-state", over); put("caller-name", name); put("caller-place", place); put("caller-subject", subject);
    id("caller-assurance").append(status("good", "check-circle", t(locale, "شوهدت هويته", "ID seen at desk")));
    put("caller-id", "0008"); put("caller-reference", "M-4821");
  };
  const inTheRoom = (locale) => {
    board(locale, 0); state("heard"); caller(locale, t(locale, "في المجلس الآن", "In the room now"));
    id("office").toggleAttribute("data-in-the-room", true); id("outcome").hidden = false;
    const current = id("board-waiting").querySelector("[data-current]");
    for (const place of [id("caller-place"), current.querySelector('[data-part="place"]')]) place.textContent = t(locale, "حضوريًا", "In person");
    current.querySelector('[data-part="online"]').replaceChildren(status("info", "person", t(locale, "حضوريًا", "In person")));
  };
  const inCall = async (locale) => {
    board(locale, 0); state("in-call"); caller(locale, t(locale, "في المقابلة", "In the audience"));
    put("remote-name", people[locale][0][0]);
    id("call-clock").hidden = false; put("call-clock", "4:07");
    id("call-path").hidden = false; id("call-path").append(icon("line"), t(locale, "عبر المرحّل", "Through the relay"));
    verified(locale, people[locale][0][1]);
    await see();
  };
  const PICTURES = [
    ["palm", "نخلة", "palm"], ["camel", "جمل", "camel"], ["falcon", "صقر", "falcon"], ["coffee-pot", "دلّة", "coffee pot"],
    ["lantern", "فانوس", "lantern"], ["tent", "خيمة", "tent"], ["moon", "هلال", "moon"], ["horse", "حصان", "horse"],
    ["key", "مفتاح", "key"], ["ship", "سفينة", "ship"],
  ];
  const digits = (locale, list, phrase) => list.replaceChildren(...[...phrase].map((digit) => {
    const item = document.createElement("li"); item.className = "phrase-digit";
    const number = document.createElement("span"); number.className = "phrase-number"; number.textContent = digit;
    const name = document.createElement("span"); name.className = "phrase-name"; const [picture, ...names] = PICTURES[digit]; name.textContent = t(locale, ...names);
    item.append(number, icon(`phrase-${picture}`), name);
    return item;
  }));
  const privacy = (standing, symbol, text) => {
    id("privacy").dataset.state = standing; put("privacy-text", text); id("privacy-icon").setAttribute("href", `#icon-${symbol}`);
  };
  const verified = (locale, name) => privacy("verified", "shield",
    t(locale, `مكالمة موثوقة – لا يسمعها إلا أنت و${name}`, `Verified – only you and ${name} hear each other`));
  const asked = (locale, phrase = "127903") => {
    privacy("unverified", "shield-open", t(locale, "لم يُتحقق بعد – قارنا الأرقام الستة", "Not yet verified – compare the six digits"));
    id("phrase").hidden = false; digits(locale, id("phrase-digits"), phrase);
  };
  const details = (locale) => {
    const [name] = [t(locale, "كشك 1، مركز ينبع", "Kiosk 1, Yanbu centre")];
    verified(locale, name); put("privacy-standing", id("privacy-text").textContent);
    const line = (text) => { const item = document.createElement("li"); item.append(icon("person"), text); return item; };
    id("privacy-present").replaceChildren(line(t(locale, "أنت: مكتب سمو الأمير", "You: The Amir’s office")), line(name));
    id("privacy-compare").hidden = false; digits(locale, id("privacy-digits"), "456830");
    put("privacy-compare-text", t(locale, "لكل طرف شهادة تثبت من هو. ولمن أراد دليلًا ثانيًا: الأرقام نفسها عند الطرف الآخر.",
      "Each side has a certificate that proves who it is. For those who want a second proof: the digits are the same on the other side."));
    const facts = ["كشك 1، مركز ينبع (urn:tawasul:madinah:kiosk:yanbu-1)", "N7zQpX0tYw3kLm2Rs…", "4fGh1JkLmN8pQr5Tu…", "9A:C4:11:0E:7B:D2…",
      "2", "21 640 · 21 588 · 0", "ES256 · X-Wing (ML-KEM-768, X25519) · HKDF-SHA-256 · SFrame AES-256-GCM · DTLS-SRTP"];
    document.querySelectorAll("[data-fact]").forEach((fact, at) => { fact.textContent = facts[at]; });
    document.querySelector(".privacy-technical").open = true;
    id("privacy-dialog").showModal();
  };
  const turnedAway = () => { id("turned-away").hidden = false; put("turned-away-missing", "script-transform, indexeddb"); };
  const there = async (selector) => { while (!document.querySelector(selector)) await new Promise(requestAnimationFrame); };
  const arrived = async (name) => { while (!document.querySelector(`.booking[data-step="${name}"]`)) await new Promise(requestAnimationFrame); };
  const press = async (button, name) => { id(button).click(); await arrived(name); };
  const step = (name) => {
    id("join").dataset.step = name;
    const order = ["welcome", "devices", "waiting", "call"];
    for (const item of id("join-steps").children) {
      item.toggleAttribute("data-done", order.indexOf(item.dataset.for) < order.indexOf(name));
      if (item.dataset.for === name) item.setAttribute("aria-current", "step");
    }
  };
  const check = (name, result, text) => {
    id(`check-${name}`).dataset.result = result;
    id(`check-${name}`).querySelector('[data-part="text"]').textContent = text;
  };
  window.gallery = {
    signInRefused() {
      id("sign-in-problem").hidden = false; put("sign-in-problem-text", "اسم المستخدم أو كلمة المرور غير صحيحة.");
      id("user_name").value = "desk.yanbu"; id("password").value = "xxxxxxxx"; id("password").setAttribute("aria-invalid", "true");
    },
    officeWaiting(locale) { board(locale); state("idle"); },
    officeNobody() { put("waiting-count", "0"); put("concluded-count", "7"); id("line-notice").hidden = true; state("idle"); },
    async officeCalling(locale) {
      board(locale, 0); state("calling"); caller(locale, "تجري دعوته للدخول");
      id("stage-message-icon").setAttribute("href", "#icon-call-in");
      put("stage-message-title", "تجري دعوة المستفيد للدخول"); put("stage-message-text", "تظهر صورته حال اتصال الطرفين.");
      id("own-video").srcObject = moving(0); await id("own-video").play();
    },
    officeCall: inCall,
    async officeCompare(locale) { await inCall(locale); asked(locale); },
    async officeDetails(locale) { await inCall(locale); details(locale); },
    officeNotPrivate(locale) {
      board(locale); state("idle"); id("stage-message-icon").setAttribute("href", "#icon-alert");
      put("stage-message-title", t(locale, "أُنهيت المكالمة لأن خصوصيتها لم تثبت", "The call was ended, because its privacy could not be proven"));
      put("stage-message-text", t(locale, "مكان المستفيد في الانتظار محفوظ.", "The citizen’s place in the queue is kept."));
      privacy("ended", "alert", t(locale, "أُنهيت المكالمة: الأرقام الستة مختلفة عند الطرفين، فقد يكون بينهما أحد. (phrase-differs)",
        "The call was ended: the six digits differ, so somebody may be in between. (phrase-differs)"));
      id("privacy-open").hidden = true;
    },
    officeTurnedAway: turnedAway,
    joinTurnedAway() { step("loading"); turnedAway(); },
    async joinCompare(locale) {
      step("call"); id("stage").dataset.state = "in-call"; put("remote-name", t(locale, "مكتب سمو أمير منطقة المدينة المنورة", "Office of the Amir of Madinah"));
      id("call-clock").hidden = false; put("call-clock", "0:12"); asked(locale); await see();
    },
    joinEnded(locale) {
      window.gallery.joinWaiting(locale); id("waiting-ended").hidden = false;
      put("waiting-ended-text", "أُنهيت المكالمة: الأرقام الستة مختلفة عند الطرفين، فقد يكون بينهما أحد. (phrase-differs)");
    },
    async officeCallDirective(locale) {
      id("quality").dataset.level = "fair"; put("quality", "خط المستفيد أضعف من المعتاد الآن.");
      await inCall(locale); id("outcome").hidden = false; id("open-outcome").setAttribute("aria-expanded", "true");
      id("mute-sound").setAttribute("aria-pressed", "true");
      id("directive").value = "تُحال المعاملة إلى فرع وزارة البيئة والمياه والزراعة بالمنطقة، ويُفاد مكتبنا بما تم خلال أسبوعين.";
      put("directive-count", "98 / 2000");
    },
    async officeReconnecting(locale) {
      await inCall(locale); state("reconnecting"); id("line-notice").hidden = false;
      put("line-notice-text", "انقطع الاتصال بالخدمة ويُعاد الآن. المكالمة الجارية لا تتأثر.");
      id("stage-message-icon").setAttribute("href", "#icon-line-off");
      put("stage-message-title", "انقطع الاتصال مع المستفيد"); put("stage-message-text", "يُعاد الاتصال تلقائيًا. لا تحتاج إلى فعل شيء.");
    },
    officeInTheRoom(locale) { inTheRoom(locale); },
    officeHeard(locale) {
      board(locale, 0); state("heard"); caller(locale, "انتهت المكالمة – تُكتب النتيجة"); id("outcome").hidden = false;
      id("stage-message-icon").setAttribute("href", "#icon-check-circle");
      put("stage-message-title", "انتهت المكالمة"); put("stage-message-text", "بقي أن تُكتب نتيجة المقابلة.");
    },
    officeHelp(locale) { board(locale); state("idle"); id("help-dialog").showModal(); },
    async planning() { await there(".sitting"); },
    async planningClosures() { await there("#closures-list .plan"); },
    async planningPreview() {
      await this.planningClosures();
      id("closure_day").value = "٢٦/٨/١٤٤٨"; id("closure_day").dispatchEvent(new Event("input")); id("closure-form").requestSubmit(); await there("#consequences[open]");
    },
    async planningDone() { await this.planningPreview(); id("consequences-confirm").click(); await there("#consequences-print:not([hidden])"); },
    async planningDays() { await there("#ramadans-list .plan"); },
    async planningRamadan() { await this.planningDays(); document.querySelector("#ramadans-list .button").click(); },
    async planningCentres() { await there("#centres-list .plan"); },
    async planningHours() { await this.planningCentres(); document.querySelectorAll("#centres-list .plan")[1].querySelectorAll("button")[0].click(); },
    async planningPauses() { await this.planningCentres(); document.querySelectorAll("#centres-list .plan")[1].querySelectorAll("button")[1].click(); },
    async planningStops() { await this.planningCentres(); document.querySelectorAll("#centres-list .plan")[3].querySelectorAll("button")[0].click(); },
    async waitlist() { while (!document.querySelector(".entry")) await new Promise(requestAnimationFrame); },
    async waitlistSure() { await this.waitlist(); document.querySelector(".entry .button-primary").click(); },
    async tasks() { while (!document.querySelector(".task")) await new Promise(requestAnimationFrame); id("done").open = true; },
    async tasksDone() { await this.tasks(); document.querySelector(".task .button-primary").click(); },
    async bookingTimes() { await press("booking-change", "times"); },
    async bookingMoved() { await press("booking-change", "times"); document.querySelector(".times-slot").click(); await arrived("booked"); },
    async bookingSure() { await press("booking-cancel", "sure"); },
    async bookingGivenUp() { await press("booking-cancel", "sure"); await press("sure-yes", "given-up"); },
    async offerAccepted() { await press("offer-yes", "accepted"); },
    async offerSure() { await press("offer-no", "sure"); },
    async offerDeclined() { await press("offer-no", "sure"); await press("sure-yes", "declined"); },
    joinWelcome() { step("welcome"); },
    joinDevicesAsking() { step("devices"); },
    async joinDevices() {
      step("devices"); id("preview-off").hidden = true;
      id("preview-video").srcObject = moving(1); await id("preview-video").play();
      for (const [name, text] of [["camera-choice", "كاميرا الحاسوب"], ["microphone-choice", "ميكروفون السماعة"]]) {
        id(name).disabled = false; id(name).append(new Option(text));
      }
      id("microphone-meter").value = 0.55; id("devices-done").disabled = false;
      check("camera", "ok", "صورتك ظاهرة."); check("microphone", "ok", "صوتك مسموع. تكلّم وراقب المؤشر.");
      check("path", "failed", "تعذّر الوصول إلى المرحّل من شبكتك. يمكنك المتابعة، أو الحضور إلى أقرب مركز.");
    },
    joinWaiting(locale) {
      step("waiting"); put("waiting-position", "2");
      put("waiting-place", t(locale, "أمامك مستفيد واحد", "One person is before you"));
      put("waiting-expected", t(locale, "الانتظار المتوقع نحو 8 دقائق", "Expected wait: about 8 minutes"));
      put("waiting-slot", t(locale, "10:40 صباحًا", "10:40 am")); put("waiting-reference", "M-4822");
      id("waiting-office").className = "status status-good";
      id("waiting-office").append(icon("check-circle"), t(locale, "مكتب سمو الأمير حاضر", "The Amir’s office is present"));
    },
    async joinCall() {
      step("call"); id("stage").dataset.state = "in-call"; put("remote-name", "مكتب سمو أمير منطقة المدينة المنورة");
      id("call-clock").hidden = false; put("call-clock", "4:07");
      verified("ar", "مكتب سمو أمير منطقة المدينة المنورة"); await see();
      id("quality").dataset.level = "poor"; put("quality", "خطّكم ضعيف الآن؛ الصوت أولًا.");
    },
    joinThanks() { step("thanks"); put("thanks-text", "تمت مقابلتك، وصدر فيها توجيه تُتابَع نتيجته حتى يصلك جوابها."); put("thanks-reference", "M-4822"); },
    joinProblem() { step("problem"); put("problem-text", "فُتحت هذه الصفحة في مكان آخر، فتوقفت هنا."); id("problem-action").hidden = false; put("problem-action", "المتابعة من هنا"); put("problem-code", "replaced"); },
  };
})();
