"""How the page of `explain` looks: by day, by night, on a telephone and on paper."""

from __future__ import annotations

# The ink of every mark keeps a contrast of 7 to 1 or more on its ground (WCAG 2.2, 1.4.6).
STYLE = """
:root {
  --ink: #1b1b1a; --soft: #5a5953; --ground: #fbfaf7; --card: #ffffff; --rule: #dedbd2; --link: #1b4f8f;
  --thing: #ffe3b8; --force: #e2dcff; --side: #d3e6ff; --place: #d3f0d8; --date: #f6dcef; --number: #fff3a3; --said: #e9e4d8;
    --verb: #ffd9d3;
  --met: #1d6b35; --unmet: #a3261b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ecebe6; --soft: #a9a79e; --ground: #161615; --card: #201f1d; --rule: #3b3934; --link: #9cc4ff;
    --thing: #55390a; --force: #3b3170; --side: #1d3f66; --place: #1f4a2a; --date: #532944; --number: #4d4508; --said: #413d33;
    --verb: #602720;
    --met: #86d79c; --unmet: #ff9d92;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
header p, .at, .id, small, .why { color: var(--soft); }
header p, .at, .id, .why { font-size: .875rem; }
header + section { margin-top: 1.25rem; }
main > header:not(:first-child) { margin-top: 3rem; }
.at { font-weight: normal; white-space: nowrap; }
.id { font-family: ui-monospace, monospace; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem 1rem; margin: 0 0 1rem; }
section.skipped, section.heading, section.context { background: none; border-style: dashed; }
article { border-left: .25rem solid var(--place); padding: 0 0 0 .75rem; margin: 1rem 0; }
article h3 { margin-top: 0; }
.line { font-family: Georgia, "Times New Roman", serif; font-size: 1.125rem; line-height: 1.9; overflow-wrap: anywhere; }
article .line { font-size: 1rem; }
mark { color: inherit; background: var(--number); border-radius: .2rem; padding: .1em .15em; box-decoration-break: clone;
  -webkit-box-decoration-break: clone; }
mark small { font: .6875rem/1 system-ui, sans-serif; color: inherit; margin-left: .3em; }
mark.thing { background: var(--thing); } mark.force { background: var(--force); } mark.side { background: var(--side); }
mark.place { background: var(--place); } mark.date { background: var(--date); }
mark.said { background: var(--said); } mark.verb { background: var(--verb); }
mark.dropped { background: none; outline: 1px dashed var(--soft); text-decoration: line-through; }
mark.dropped small { display: inline-block; text-decoration: none; }
ul, ol { margin: .25rem 0; padding-left: 1.25rem; }
code, .masked, .parts { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
q { font-family: Georgia, "Times New Roman", serif; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--link); padding: .2rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--rule);
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; border-top: 0; }
.wide td { min-width: 3.5rem; }
article td { width: 50%; }
td small { display: block; }
dl { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 .75rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.parts span { border-bottom: 2px solid; white-space: pre-wrap; margin-right: 2px; }
.parts .met { border-color: var(--met); } .parts .unmet { border-color: var(--unmet); border-bottom-style: double; font-weight: bold; }
.parts .rest { border-color: transparent; color: var(--soft); }
code.unmet { color: var(--unmet); font-weight: bold; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 40rem) {
  section { padding: .75rem; }
  article table, article tbody, article tr, article td { display: block; width: auto; }
  article thead { display: none; }
  article td + td { border-top: 0; padding-top: 0; }
}
@media print {
  :root { --ink: #000; --soft: #444; --ground: #fff; --card: #fff; --rule: #aaa; --link: #000; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  section { border-width: 0 0 1px; border-radius: 0; padding: .5rem 0; }
  tr, li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
  a { text-decoration: none; }
}
"""
