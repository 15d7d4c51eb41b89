import { Button } from 'react-aria-components';
import { chooseSample, takeBytes } from '../actions/add-format.ts';
import { NumberInput } from '../widgets/number-input.tsx';
import { type AddingFormat, type ChosenSample, lengthOf } from './format-form.ts';
import { SampleBytes } from './sample-bytes.tsx';

/** A file of the format, to take its first bytes from, or the end of its name. */
export function SamplePart({ adding: { fields, sample, sampleProblem } }: { readonly adding: AddingFormat }) {
  const isShown = sample !== null && fields.type === 'magic';
  return (
    <section className="form-section" aria-label="Sample">
      <Button className="button format-sample-button" onPress={() => void chooseSample()}>
        {isShown ? 'Another sample file…' : 'From a sample file…'}
      </Button>
      <p role="status" className="format-sample-problem">
        {sampleProblem}
      </p>
      {isShown && <ByteChoice sample={sample} />}
    </section>
  );
}

/** The first bytes of the file, and which of them are the magic. */
function ByteChoice({ sample }: { readonly sample: ChosenSample }) {
  const { path, description, from, count } = sample;
  const length = lengthOf(sample);
  return (
    <>
      <p>
        <span className="path path-whole">{path}</span> <span className="muted">{description}</span>
      </p>
      <div className="format-range">
        <NumberInput
          label="From byte"
          value={from}
          from={0}
          to={length - 1}
          onChange={(start) => takeBytes({ ...sample, from: start, count: Math.min(count, length - start) })}
        />
        <NumberInput
          label="Number of bytes"
          value={count}
          from={1}
          to={length - from}
          onChange={(bytes) => takeBytes({ ...sample, count: bytes })}
        />
      </div>
      <SampleBytes sample={sample} />
    </>
  );
}
