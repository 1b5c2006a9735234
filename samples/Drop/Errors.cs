using IrohRpc;

namespace Drop;

/// <summary>Turns what may go wrong into a sentence and an exit code.</summary>
internal static class Errors
{
    public static async Task<int> RunAsync(Func<Task> command, CancellationToken stop)
    {
        try
        {
            await command();
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception problem) when (problem is IOException or FormatException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {PeerText.Escape(problem.Message)}");
            return 1;
        }
    }
}
