using System.IO.Pipelines;

namespace IrohRpc.Streams;

/// <summary>What a call carries beside its arguments: what it streams up, and what takes what comes down.</summary>
internal sealed class CallStreams
{
    private readonly List<Upload> _uploads = [];
    private readonly List<ProgressReceiver> _progress = [];
    private int _ended;

    public IReadOnlyList<Upload> Uploads => _uploads;

    /// <summary>Takes the bytes that the service sends for a parameter.</summary>
    public PipeWriter? BytesBack { get; set; }

    /// <summary>The stream that carries the call; null before there is one.</summary>
    public ResponseStream? Opened { get; set; }

    /// <summary>Whether part of a source has been read, or bytes have come for the caller: another attempt would not start from the beginning.</summary>
    public bool CannotBeginAgain => HasBytesBack || _uploads.Exists(static upload => !upload.CanBegin);

    /// <summary>Whether bytes have come for the caller.</summary>
    public bool HasBytesBack { get; set; }

    public void AddUpload(Upload upload) => _uploads.Add(upload);

    public void AddProgress(ProgressReceiver receiver) => _progress.Add(receiver);

    public ProgressReceiver? FindProgress(long parameter) => _progress.Find(receiver => receiver.Parameter == parameter);

    /// <summary>The call is made again, on another stream.</summary>
    public void BeginAgain() => Opened = null;

    /// <summary>The call is over: completes the pipes that it was given, those that are still read when that read has ended. Once; never faults.</summary>
    public async Task EndAsync(Exception? error)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        foreach (Upload upload in _uploads)
        {
            await upload.EndAsync(error).ConfigureAwait(false);
        }

        if (BytesBack is not { } bytesBack)
        {
            return;
        }

        try
        {
            await bytesBack.CompleteAsync(error).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A pipe of the user's; the call has its outcome.
        }
    }
}
