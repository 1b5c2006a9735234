using System.Runtime.CompilerServices;

namespace IrohRpc.Tests.Support;

/// <summary>Waits for what the code under test does on its own a moment later and for which there is no signal.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(
        Func<bool> condition, Func<string>? describe = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Peers.Bound);

        // Looks again at a low rate: spinning would take the processor from the very code that is waited for.
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come true in time: {what}. {describe?.Invoke()}");
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
