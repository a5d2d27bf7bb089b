/** Rows to come, as tall as real ones, so that nothing jumps when they arrive. */
export function Skeleton({ label }: { readonly label: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{label}</span>
      <div class="bone short" />
      <div class="rows">
        {[1, 2, 3].map((n) => (
          <div key={n} class="row">
            <div class="bone dot" />
            <div class="bone-lines">
              <div class="bone" />
              <div class="bone thin" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
