using System.Globalization;

namespace IrohRpc.Hostile;

/// <summary>Writes each transfer to a file before it is acknowledged; what was written outlives the process.</summary>
internal sealed class TransferLedger(string file) : ITransferLedger, IDisposable
{
    private readonly FileStream _file = new(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock _gate = new();

    public ValueTask<long> ApplyAsync(long transfer, byte[] note, CancellationToken cancellationToken)
    {
        if (!TransferNote.IsOf(transfer, note))
        {
            return new ValueTask<long>(-1);
        }

        byte[] line = System.Text.Encoding.ASCII.GetBytes(transfer.ToString(CultureInfo.InvariantCulture) + "\n");
        lock (_gate)
        {
            _file.Write(line);
        }

        return new ValueTask<long>(transfer);
    }

    public void Dispose() => _file.Dispose();
}
