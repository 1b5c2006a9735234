using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>
/// Sends a handler's reports of progress. They are advice: where the caller takes them slower than they are made, those in between are dropped and
/// the newest is kept, so that they take no more memory than the bound.
/// </summary>
internal sealed class ProgressSender<T>(FrameSender sender, int parameter, ValueWriter<T> writer, WriteBounds bounds) : IProgress<T>, IProgressSender
{
    private const int MostUnsent = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly CallBuffer _report = new();
    private bool _held;

    public void Report(T value)
    {
        lock (_gate)
        {
            _report.Clear();
            _report.WriteValue(value, writer, bounds);
            _held = sender.Unsent > MostUnsent;
            if (_held)
            {
                return;
            }

            Append();
        }

        sender.Flush();
    }

    public void SendHeld()
    {
        lock (_gate)
        {
            if (_held)
            {
                _held = false;
                Append();
            }
        }
    }

    private void Append()
    {
        Span<byte> head = stackalloc byte[VarInt.MaxLength];
        sender.Append(FrameType.Progress, head[..VarInt.Write(head, parameter)], default, _report.WrittenSpan);
    }
}
