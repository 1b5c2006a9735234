namespace IrohRpc.Wire;

/// <summary>The tags of fields; see docs/protocol.md.</summary>
internal static class FieldTag
{
    public const long Timeout = 1;
    public const long Metadata = 2;
    public const long TraceParent = 3;
    public const long TraceState = 4;
    public const long Message = 5;
    public const long Fault = 6;
    public const long NotStarted = 7;
    public const long Turn = 8;
    public const long Baggage = 9;
    public const long Home = 10;
    public const long Versions = 11;
}
