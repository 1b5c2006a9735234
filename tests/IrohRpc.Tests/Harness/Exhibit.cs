using System.IO.Pipelines;
using System.Text;

namespace IrohRpc.Tests;

/// <summary>Answers for <see cref="Gallery.IExhibit"/>.</summary>
internal sealed class Exhibit : Gallery.IExhibit
{
    /// <summary>What the one-way call has brought.</summary>
    public TaskCompletionSource<byte[]> Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IAsyncEnumerable<int>> LaterAsync(int count, CancellationToken cancellationToken)
        => count >= 0
            ? Task.FromResult(AsyncEnumerable.Range(0, count))
            : throw new RpcException(RpcStatusCode.OutOfRange, "Nobody counts so few.");

    public Task<PipeReader> PipeAsync(int length, CancellationToken cancellationToken)
        => Task.FromResult(PipeReader.Create(new MemoryStream(Workshop.Pattern(length))));

    public void Dump(byte[] bytes) => Received.SetResult(bytes);

    public ValueTask<Gallery.IExhibit> TurnAsync(Gallery.IExhibit other, CancellationToken cancellationToken) => ValueTask.FromResult(other);

    public ValueTask<string> DefaultsAsync(int number, string text, DayOfWeek day, double? none, CancellationToken cancellationToken)
        => ValueTask.FromResult($"{number} {text} {day} {none is null}");

    public ValueTask<Animal> MeetAsync(Animal animal, CancellationToken cancellationToken) => ValueTask.FromResult(animal);

    public async Task<string> EverythingAsync(
        int start,
        Stream bytes,
        IAsyncEnumerable<int> numbers,
        IProgress<int>? progress,
        IProgress<string> notes,
        IListener listener,
        PipeWriter back,
        CallContext context,
        CancellationToken cancellationToken)
    {
        long length = await LengthAsync(bytes);
        progress?.Report(1);
        int sum = start + await numbers.SumAsync(cancellationToken);
        notes.Report("summed");
        await back.WriteAsync(Encoding.UTF8.GetBytes(await listener.HearAsync("everything", cancellationToken)), cancellationToken);
        return $"{length} {sum} {context.Metadata["who"]}";
    }

    private static async Task<long> LengthAsync(Stream bytes)
    {
        using var copy = new MemoryStream();
        await bytes.CopyToAsync(copy);
        return copy.Length;
    }
}
