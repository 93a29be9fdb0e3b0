const { dest, src } = require('gulp');

/** What `tsc` leaves behind: icons, codex files and output schemas. */
exports.default = () =>
	src(['nodes/**/*.{svg,json}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);
