using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Ends what streams where interceptors keep it from whoever would have ended it.</summary>
internal static class InvocationStreams
{
    /// <summary>Ends a stream, a pipe, a stream of items of a peer's, or a proxy; leaves anything else alone. Never faults.</summary>
    public static async Task EndAsync(object? value, Exception? error)
    {
        try
        {
            switch (value)
            {
                case IReceivedStream received:
                    await received.DisposeAsync().ConfigureAwait(false);
                    break;
                case PipeReader reader:
                    await reader.CompleteAsync(error).ConfigureAwait(false);
                    break;
                case PipeWriter writer:
                    await writer.CompleteAsync(error).ConfigureAwait(false);
                    break;
                case Stream stream:
                    await stream.DisposeAsync().ConfigureAwait(false);
                    break;
                case ContractProxy proxy:
                    proxy.Dispose();
                    break;
            }
        }
        catch (Exception)
        {
            // A stream of the user's may throw anything; the call has its outcome.
        }
    }
}
