using System.IO.Pipelines;

namespace IrohRpc.Internal;

/// <summary>What a call carries beside its arguments: what it streams up, and what takes what comes down.</summary>
internal sealed class CallStreams
{
    private readonly List<Upload> _uploads = [];
    private readonly List<ProgressReceiver> _progress = [];

    public IReadOnlyList<Upload> Uploads => _uploads;

    /// <summary>Takes the bytes that the service sends for a parameter.</summary>
    public PipeWriter? BytesBack { get; set; }

    public void AddUpload(Upload upload) => _uploads.Add(upload);

    public void AddProgress(ProgressReceiver receiver) => _progress.Add(receiver);

    public ProgressReceiver? FindProgress(long parameter) => _progress.Find(receiver => receiver.Parameter == parameter);
}
