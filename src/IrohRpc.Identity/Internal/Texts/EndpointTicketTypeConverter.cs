namespace IrohRpc.Identity.Internal.Texts;

/// <summary>A ticket from and to a string.</summary>
internal sealed class EndpointTicketTypeConverter : TextTypeConverter<EndpointTicket>
{
    protected override EndpointTicket FromText(string text) => EndpointTicket.Parse(text);

    protected override string ToText(EndpointTicket value) => value.ToString();
}
