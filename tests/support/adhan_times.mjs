// The times of prayer by npm's `adhan`, another implementation than the service's, to the second; and whether a day is in
// Ramadan by the calendar of the JavaScript engine (ICU's table of Umm al-Qura), another one than the service's too.
//
// In, on standard input: {"places": [[latitude, longitude], …], "days": ["2026-01-01", …]}
// Out: {"ramadan": [true, …], "times": [[[fajr, dhuhr, asr, maghrib, isha] of each day, in seconds of Unix time] …]}
import { CalculationMethod, Coordinates, Madhab, PrayerTimes, Rounding } from "adhan";
import { readFileSync } from "node:fs";

const { places, days } = JSON.parse(readFileSync(0, "utf8"));
const ummAlQura = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura", { month: "numeric", timeZone: "UTC" });

const ramadan = days.map((day) => ummAlQura.format(new Date(`${day}T12:00:00Z`)).split(" ")[0] === "9");
const times = places.map(([latitude, longitude]) =>
  days.map((day, number) => {
    const method = CalculationMethod.UmmAlQura();
    method.madhab = Madhab.Shafi;
    method.rounding = Rounding.None;
    method.ishaInterval = ramadan[number] ? 120 : 90;
    const [year, month, date] = day.split("-").map(Number);
    const of = new PrayerTimes(new Coordinates(latitude, longitude), new Date(year, month - 1, date), method);
    return [of.fajr, of.dhuhr, of.asr, of.maghrib, of.isha].map((moment) => moment.getTime() / 1000);
  }),
);
process.stdout.write(JSON.stringify({ ramadan, times }));
