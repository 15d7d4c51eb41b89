import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { EXIT_STATUS, NAMES, SUMMARY, USAGE } from './about.ts';
import type { Invocation } from './invocation.ts';
import { type GivenOptions, type OptionDefinition, type OptionName, options } from './options.ts';
import { runs } from './runs.ts';
import { type Streams, Terminal } from './terminal.ts';
import { wrap } from './text-width.ts';
import { DONE, type ExitStatus, MISUSED, type Operands, operandsOf, type Verb } from './verb.ts';
import { verbFirst } from './verb-first.ts';
import { type VerbName, verbs } from './verbs.ts';

/** Reads the command line, and does what it asks for. Never rejects for what a person may type. */
export async function runCommand(invocation: Invocation, streams: Streams): Promise<ExitStatus> {
  const [first, ...rest] = invocation.words;
  if (first === COMPLETE) {
    const { answerShell } = await import('./completion/answer.ts');
    streams.stdout.write(await answerShell(rest));
    return DONE;
  }
  let status: ExitStatus = DONE;
  const words = await verbFirst(invocation.words);
  const program = buildProgram(words[0] ?? '', streams, async (verb, operands, given) => {
    const terminal = new Terminal(streams, { quiet: given.quiet !== undefined, name: invocation.name });
    const run = await runs[verb]();
    status = await run({ words: operands, options: given, terminal, invocation });
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // It has said what there is to say.
    status = error.exitCode === 0 ? DONE : MISUSED;
  }
  return status;
}

/** What the shells' completions call; it is not for people. */
const COMPLETE = '__complete';

type CarryOut = (verb: VerbName, words: readonly string[], given: GivenOptions) => Promise<void>;

/** The parser, with the help it prints. Of the verbs it knows the options of the one that is asked for alone. */
function buildProgram(asked: string, { stdout, stderr }: Streams, carryOut: CarryOut): Command {
  const columns = stdout.columns || 80;
  const program = new Command('qemu-binfmt')
    .description(`${SUMMARY.charAt(0).toUpperCase()}${SUMMARY.slice(1)}.`)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or a verb’s')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(inOneLine(text)),
      getOutHelpWidth: () => columns,
    })
    .configureHelp({
      commandUsage: usageOf,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
      optionDescription: ({ description }) => description,
      styleTitle: (title) => title.replace('Commands:', 'Verbs:'),
    })
    .addHelpText('after', `\n${paragraphs(columns)}`);
  for (const verb of verbs) {
    const command = program.command(verb.name).summary(verb.summary);
    for (const operands of operandsOf(verb)) command.addArgument(argumentOf(operands));
    if (verb.name !== asked) continue;
    command.description(verb.description.join('\n\n')).helpOption('-h, --help', 'print this help');
    command.addHelpText('after', examplesOf(verb));
    for (const name of verb.options) command.addOption(optionOf(name));
    command.action(async () => carryOut(verb.name, command.args, givenTo(command, verb)));
  }
  return program;
}

const inOneLine = (text: string): string =>
  `${text
    .trim()
    .replace(/^error: /, 'qemu-binfmt: ')
    .replaceAll('\n', ' ')}\n`;

function usageOf(command: Command): string {
  if (command.parent === null) return USAGE;
  const operands = command.registeredArguments.map(termOf);
  return [
    'qemu-binfmt',
    command.name(),
    ...operands,
    ...(command.options.length > 0 ? ['[OPTION…]'] : []),
  ].join(' ');
}

function termOf(argument: Argument): string {
  const term = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? term : `[${term}]`;
}

const argumentOf = ({ name, required, many }: Operands): Argument => {
  const dots = many ? '...' : '';
  return new Argument(required ? `<${name}${dots}>` : `[${name}${dots}]`).argParser(notEmpty);
};

/** What an unset variable of a shell leaves is nobody's name, and no path of anything. */
function notEmpty(word: string): string {
  if (word === '') throw new InvalidArgumentError('It names nothing.');
  return word;
}

function optionOf(name: OptionName): Option {
  const { short, value, help }: OptionDefinition = options[name];
  const flags = `${short === undefined ? '' : `-${short}, `}--${name}`;
  const option = new Option(value === undefined ? flags : `${flags} <${value.name}>`, help);
  if (value === undefined) return option;
  if ('choices' in value) return option.choices([...value.choices]);
  return value.completes === 'nothing' ? option : option.argParser(notEmpty);
}

/** The options under their own names: the parser knows `--dry-run` as `dryRun`. */
function givenTo(command: Command, { options: allowed }: Verb): GivenOptions {
  const given: Partial<Record<OptionName, string | true>> = {};
  for (const name of allowed) {
    const value: unknown = command.getOptionValue(optionOf(name).attributeName());
    if (value === true || typeof value === 'string') given[name] = value;
  }
  return given;
}

const examplesOf = ({ examples }: Verb): string =>
  `\nExamples:\n${examples.map(({ command, does }) => `  ${command}\n      ${does}`).join('\n')}`;

/** What holds for all verbs. */
const paragraphs = (columns: number): string =>
  [...NAMES, `Exit status: ${EXIT_STATUS.map(([status, means]) => `${status} – ${means}`).join(' ')}`]
    .map((text) => wrap(text, columns, (part) => part.length).join('\n'))
    .join('\n\n');
