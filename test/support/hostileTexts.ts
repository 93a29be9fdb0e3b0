/** Texts that a reader, an editor or a terminal would take for more than words. */
export const hostileTexts: readonly string[] = [
	// HTML
	'<img src=x onerror=alert(1)>',
	'<img src="https://hostile.example/pixel.png">',
	'<a href="https://hostile.example">Sign in again</a>',
	'<a href="javascript:alert(1)">Fix</a>',
	'<script>alert(1)</script>',
	'<svg/onload=alert(1)>',
	'<iframe src=https://hostile.example></iframe>',
	'<style>*{display:none}</style>',
	'<b>bold</b><br/><hr>',
	'</div></template><h1>n8n</h1>',
	'<input autofocus onfocus=alert(1)>',
	'<<a>>',
	'< img src=x>',
	'<!--',
	']]><x/>',
	'<math><mtext></mtext></math>',
	'&lt;img src=x onerror=alert(1)&gt;',
	'&#60;img src=x&#62;',
	'%3Cimg%20src=x%3E',
	'%253Cimg%253E',
	'\\u003cimg\\u003e',
	'"><img src=x>',
	"' onmouseover='alert(1)",
	'<IMG SRC=`x`>',
	// Templates and markup of other kinds
	'{{ 7*7 }}',
	'{{ $env.SECRET }}',
	'={{ $json }}',
	'${7*7}',
	'{% raw %}',
	'<%= 7*7 %>',
	'#{7*7}',
	'@:linked.message',
	'%%PARAMETER%%',
	'`code`',
	'[Sign in](https://hostile.example)',
	'[x](javascript:alert(1))',
	'![x](https://hostile.example/pixel.png)',
	'javascript:alert(1)',
	'data:text/html,<h1>x</h1>',
	'# Heading',
	// Lines and control characters
	'one\ntwo\r\nthree\u2028four\u2029five\u0085six',
	'\u001B[31mred\u001B[0m \u001B]8;;https://hostile.example\u0007link\u001B]8;;\u0007',
	'nul\0bell\u0007back\b\b\bdelete\u007F',
	'tab\tvertical\vform\f',
	// Direction, width and shape
	'\u202Etxt.exe\u202C',
	'\u2066left\u2067right\u2068first\u2069',
	'\u200Eleft\u200Fright\u061Carabic',
	'z\u200Be\u200Cr\u200Do\u2060w\uFEFFi\u00ADdth',
	'\u3164filler\u115F\u1160\uFFA0',
	'\u{E0041}\u{E0042}tags\u{E007F}',
	'\uFE0Fvariation\uFE00',
	'\u034Fjoiner\u17B4\u180E',
	'\uE000private\uF8FF',
	// Characters in halves and in crowds
	'half \uD83D',
	'\uDE00 half',
	'👩‍👩‍👧‍👦🏳️‍🌈 \u{1F600}',
	'Z\u0336a\u0336l\u0336g\u0336o\u0336',
	'w'.repeat(5000),
	'<'.repeat(5000),
	`${'x '.repeat(1000)}<b>`,
];

/** Whether a text is one line of words, in which nothing marks up, hides or reorders the rest. */
export function isPlainText(shown: string): boolean {
	return (
		!/[<>`\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(shown) &&
		!/[^\s\p{Lo}]{300}/u.test(shown)
	);
}
