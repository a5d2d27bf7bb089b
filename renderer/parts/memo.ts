import { Component, type FunctionComponent, h, type VNode } from 'preact';

/** A component that is drawn again only when one of its properties is another value. */
export function memo<P extends object>(render: FunctionComponent<P>): new (props: P) => Component<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== this.props[key]);
    }
    override render(props: P): VNode<P> {
      return h(render, props);
    }
  };
}
