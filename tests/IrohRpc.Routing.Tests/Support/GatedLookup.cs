using System.Threading.Channels;
using IrohRpc.Reach.Lookup;

namespace IrohRpc.Tests.Support;

/// <summary>A lookup that answers when the test says so.</summary>
internal sealed class GatedLookup : IAddressLookup
{
    private readonly Channel<EndpointData> _answers = Channel.CreateUnbounded<EndpointData>();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "gated";

    public Task Asked => _asked.Task;

    /// <summary>Completes when nobody wants an answer any more.</summary>
    public Task Stopped => _stopped.Task;

    public void Answer(params TransportAddress[] addresses) => Assert.True(_answers.Writer.TryWrite(new EndpointData(addresses)));

    public void End(Exception? exception = null) => _answers.Writer.Complete(exception);

    public async IAsyncEnumerable<EndpointData> ResolveAsync(
        EndpointId id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        using CancellationTokenRegistration stopped = cancellationToken.Register(_stopped.SetResult);
        await foreach (EndpointData answer in _answers.Reader.ReadAllAsync(cancellationToken))
        {
            yield return answer;
        }
    }
}
