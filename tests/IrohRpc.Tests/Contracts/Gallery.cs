using System.IO.Pipelines;

namespace IrohRpc.Tests;

/// <summary>A place for a contract that is nested and internal.</summary>
internal static partial class Gallery
{
    /// <summary>The shapes of calls that <see cref="IWorkshop"/> has not.</summary>
    [Alpn("exhibit/1")]
    internal partial interface IExhibit
    {
        Task<IAsyncEnumerable<int>> LaterAsync(int count, CancellationToken cancellationToken = default);

        Task<PipeReader> PipeAsync(int length, CancellationToken cancellationToken = default);

        void Dump(byte[] bytes);

        ValueTask<IExhibit> TurnAsync(IExhibit other, CancellationToken cancellationToken = default);

        ValueTask<string> DefaultsAsync(
            int number = 7, string text = "seven", DayOfWeek day = DayOfWeek.Sunday, double? none = null, CancellationToken cancellationToken = default);

        ValueTask<Animal> MeetAsync(Animal animal, CancellationToken cancellationToken = default);

        Task<string> EverythingAsync(
            int start,
            Stream bytes,
            IAsyncEnumerable<int> numbers,
            IProgress<int>? progress,
            IProgress<string> notes,
            IListener listener,
            PipeWriter back,
            CallContext context,
            CancellationToken cancellationToken = default);
    }
}
