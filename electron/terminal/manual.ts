import { EXIT_STATUS, FILES, NAMES, SEE_ALSO, SUMMARY, VARIABLES } from './about.ts';
import { type OptionDefinition, type OptionName, options } from './options.ts';
import { wrap } from './text-width.ts';
import { type Example, type Operands, operandsOf, type Verb } from './verb.ts';
import { verbs } from './verbs.ts';

const all: readonly Verb[] = verbs;

/** The manual page in man(7), made of what the help is made of. `date` is when it was last true, as 2026-01-31. */
export function formatManual(version: string, date: string): string {
  return [
    `.TH QEMU-BINFMT 1 ${date} "qemu-binfmt ${escaped(version)}" "User Commands"`,
    '.SH NAME',
    `qemu-binfmt \\- ${escaped(SUMMARY)}`,
    '.SH SYNOPSIS',
    '.B qemu-binfmt',
    '[\\fIVERB\\fR] [\\fINAME\\fR \\&...] [\\fIOPTION\\fR \\&...]',
    '.SH DESCRIPTION',
    ...paragraphs(NAMES),
    '.SH VERBS',
    ...all.flatMap(verbPart),
    '.SH OPTIONS',
    ...(Object.keys(options) as OptionName[]).flatMap(optionPart),
    '.SH "EXIT STATUS"',
    ...EXIT_STATUS.flatMap(([status, meaning]) => ['.TP', `.B ${status}`, line(meaning)]),
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap(([name, meaning]) => ['.TP', `.B ${escaped(name)}`, line(meaning)]),
    '.SH FILES',
    ...FILES.flatMap(([path, meaning]) => ['.TP', `.I ${escaped(path)}`, line(meaning)]),
    '.SH EXAMPLES',
    ...all.flatMap(({ examples }) => examples).flatMap(examplePart),
    '.SH "SEE ALSO"',
    SEE_ALSO.map(([name, section]) => `.BR ${escaped(name)} (${section})`).join(' ,\n'),
    '',
  ].join('\n');
}

function verbPart(verb: Verb): readonly string[] {
  const { name, description, options: allowed } = verb;
  const [first = '', ...others] = description;
  const taken = allowed.map((option) => `\\fB\\-\\-${escaped(option)}\\fR`);
  return [
    '.TP',
    [`\\fB${escaped(name)}\\fR`, ...operandsOf(verb).map(termOf)].join(' '),
    line(first),
    ...others.flatMap((one) => ['.IP', line(one)]),
    ...(taken.length === 0 ? [] : ['.IP', inLines(`Options: ${taken.join(', ')}.`)]),
  ];
}

function termOf({ name, required, many }: Operands): string {
  const term = `\\fI${escaped(name)}\\fR`;
  return `${required ? term : `[${term}]`}${many ? ' \\&...' : ''}`;
}

function optionPart(name: OptionName): readonly string[] {
  const { short, value, help }: OptionDefinition = options[name];
  const forms = [...(short === undefined ? [] : [`\\fB\\-${short}\\fR`]), `\\fB\\-\\-${escaped(name)}\\fR`];
  const argument = value === undefined ? '' : ` \\fI${escaped(value.name)}\\fR`;
  const choices = value !== undefined && 'choices' in value && value.name !== value.choices.join('|');
  const all = choices ? ` One of ${value.choices.join(', ')}.` : '';
  return ['.TP', forms.join(', ') + argument, line(`${capitalized(help)}.${all}`)];
}

function examplePart({ command, does }: Example, index: number): readonly string[] {
  const lines = ['.nf', `.B "${quotedWord(command)}"`, '.fi', '.RS', line(`${capitalized(does)}.`), '.RE'];
  return index === 0 ? lines : ['.PP', ...lines];
}

const paragraphs = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text, index) => (index === 0 ? [line(text)] : ['.PP', line(text)]));

/** Lines of text: one that begins with a dot or an apostrophe would be a request. */
const line = (text: string): string => inLines(escaped(text));

const inLines = (text: string): string =>
  wrap(text, 78, (part) => part.length)
    .map((one) => one.replace(/^[.']/, '\\&$&'))
    .join('\n');

/** An argument of a request between quotes. */
const quotedWord = (text: string): string => escaped(text).replaceAll('"', '\\(dq');

/** Text as roff has it; a hyphen that may be typed is a minus, so that it can be copied. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll('“', '\\(lq')
    .replaceAll('”', '\\(rq')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '...');

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
