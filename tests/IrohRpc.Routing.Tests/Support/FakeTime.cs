using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Support;

internal static class FakeTime
{
    /// <summary>
    /// Moves the clock on in small steps until something comes true: for code that sets its timer a moment later, on another thread.
    /// </summary>
    public static Task AdvanceUntilAsync(this FakeTimeProvider clock, Func<bool> condition)
        => Eventually.HoldsAsync(() =>
        {
            if (condition())
            {
                return true;
            }

            clock.Advance(TimeSpan.FromMilliseconds(10));
            return false;
        });
}
