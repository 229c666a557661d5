/** What could not be read or is not known: said in the picture as well, never left out. */
import { Mark } from './state.tsx';

/** The texts under a title; nothing where there are none. */
export function Unread({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="reasons">
        {texts.map((text) => (
          <li class="unknown">
            <Mark state="unknown" />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
